"""Vosk: one shared model, a recognizer per utterance, in the caller's thread.

Vosk releases the interpreter lock while it decodes, so threads run side by side. Asking for
alternatives costs nothing and helps matching (reworded questions, synthetic voices at 20 dB: 57 %
answered right against 48), but then words carry no confidence; it is made here from how much of the
n-best list's probability agrees on a word.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

from voice.errors import BusyError, DeadlineError, EngineError, SetupError
from voice.stt.pcm import checked_pcm
from voice.types import (
    SAMPLE_RATE_HZ,
    AudioChunk,
    HearingModel,
    Hypothesis,
    Transcript,
    Word,
)

T = TypeVar("T")

N_BEST: Final = 5
# A call into Vosk cannot be interrupted, so the deadline is looked at between pieces; smaller
# pieces cost 2 % more.
_PIECE_BYTES: Final = SAMPLE_RATE_HZ  # half a second
_MOST_STREAMS: Final = 64  # each holds a few MB


class VoskRecognizer:
    """Hold one Vosk model, shared by all callers."""

    name = "vosk"

    def __init__(self, model: Path) -> None:
        """Load the model folder; raises SetupError when it cannot be.

        Kaldi ends the process on some damaged files: check the folder first.
        """
        import vosk

        vosk.SetLogLevel(-1)
        try:
            self._model: Any = vosk.Model(str(model))
        except Exception as error:  # the library raises nothing more specific
            raise SetupError(f"{model}: Vosk cannot load this model") from error
        self._new_recognizer = vosk.KaldiRecognizer
        self._slots = threading.BoundedSemaphore(_MOST_STREAMS)

    def stream(self, deadline_seconds: float, model: HearingModel = "faq") -> VoskStream:
        """Start an utterance that must be finished in `deadline_seconds`.

        Vosk decodes freely, whatever `model` is wanted.
        """
        deadline = time.monotonic() + deadline_seconds
        if not self._slots.acquire(timeout=max(deadline_seconds, 0.0)):
            raise BusyError("too many utterances at once; try again shortly")
        try:
            recognizer = self._new_recognizer(self._model, float(SAMPLE_RATE_HZ))
            recognizer.SetWords(True)
            recognizer.SetMaxAlternatives(N_BEST)
        except BaseException:
            self._slots.release()
            raise
        return VoskStream(recognizer, self._slots, deadline)

    def close(self) -> None:
        """Let go of the model; utterances that are still running keep it until they end."""
        self._model = None


class VoskStream:
    """One utterance; Vosk may see several ends in it, whose texts are joined."""

    repeats = False

    def __init__(self, recognizer: Any, slot: threading.BoundedSemaphore, deadline: float) -> None:
        self._recognizer = recognizer
        self._slot: threading.BoundedSemaphore | None = slot
        self._deadline = deadline
        self._seconds = 0.0
        self._parts: list[list[Hypothesis]] = []
        self.endpoint = False

    def accept(self, chunk: AudioChunk) -> str:
        """Take the next audio (16 kHz) and return the partial text so far."""
        partial = ""
        pcm = checked_pcm(chunk)
        self._seconds += chunk.seconds
        for start in range(0, len(pcm), _PIECE_BYTES):
            if time.monotonic() > self._deadline:
                raise DeadlineError("recognizing took longer than its deadline")
            self.endpoint = self._accept(pcm[start : start + _PIECE_BYTES])
            if self.endpoint:
                self._parts.append(_hypotheses(self._recognizer.Result()))
                partial = ""
            else:
                partial = json.loads(self._recognizer.PartialResult())["partial"]
        heard = [part[0].text for part in self._parts]
        return " ".join(text for text in (*heard, partial) if text)

    def finish(self, audio_seconds: float | None = None) -> Transcript:
        """End the utterance and return its transcript."""
        self._parts.append(_hypotheses(self._recognizer.FinalResult()))
        best = [hypothesis for hypothesis in _join(self._parts) if hypothesis.text]
        seconds = self._seconds if audio_seconds is None else audio_seconds
        return Transcript(best[0].text if best else "", tuple(best), VoskRecognizer.name, seconds)

    def close(self) -> None:
        """Give back what the utterance holds."""
        slot, self._slot = self._slot, None
        if slot is not None:
            self._recognizer = None
            slot.release()

    def _accept(self, pcm: bytes) -> bool:
        try:
            return bool(self._recognizer.AcceptWaveform(pcm))
        except Exception as error:  # the library raises nothing more specific
            raise EngineError("Vosk failed on this audio") from error


def _hypotheses(result: str) -> list[Hypothesis]:
    """Return the n-best list of one result, best first, without repeated texts."""
    ranked = sorted(json.loads(result)["alternatives"], key=lambda each: -each["confidence"])
    ranked = list(_first_by(ranked, lambda each: each["text"]))
    # Vosk's confidence is a log likelihood (384.02): only differences within a list mean anything.
    shares = _shares([each["confidence"] for each in ranked])
    words = [_words(each.get("result", [])) for each in ranked]
    return [
        Hypothesis(each["text"], share, _with_confidence(own, words, shares))
        for each, share, own in zip(ranked, shares, words, strict=True)
    ]


def _words(result: list[dict[str, Any]]) -> list[Word]:
    return [Word(each["word"], each["start"], each["end"]) for each in result]


def _with_confidence(
    words: list[Word], lists: list[list[Word]], shares: list[float]
) -> tuple[Word, ...]:
    """Return the words with the share of the list that has the same word at the same time."""

    def agrees(word: Word, other: Word) -> bool:
        overlap = min(word.end_seconds, other.end_seconds) - max(
            word.start_seconds, other.start_seconds
        )
        return word.text == other.text and overlap > 0

    def confidence(word: Word) -> float:
        votes = zip(lists, shares, strict=True)
        return sum(share for others, share in votes if any(agrees(word, o) for o in others))

    return tuple(
        Word(word.text, word.start_seconds, word.end_seconds, round(min(confidence(word), 1.0), 4))
        for word in words
    )


def _first_by(items: Iterable[T], key: Callable[[T], str]) -> Iterable[T]:
    """Return the first item of each key, in order."""
    firsts: dict[str, T] = {}
    for item in items:
        firsts.setdefault(key(item), item)
    return firsts.values()


def _shares(scores: list[float]) -> list[float]:
    weights = [math.exp(score - max(scores)) for score in scores]
    return [round(weight / sum(weights), 4) for weight in weights]


def _join(parts: list[list[Hypothesis]]) -> list[Hypothesis]:
    """Return the best joins of one hypothesis of each part, likeliest first."""
    joined = [Hypothesis("", 1.0)]
    for part in parts:
        pairs = [_concatenate(left, right) for left in joined for right in part]
        pairs.sort(key=lambda hypothesis: -(hypothesis.confidence or 0.0))  # stable
        joined = list(_first_by(pairs, lambda hypothesis: hypothesis.text))[:N_BEST]
    return joined


def _concatenate(left: Hypothesis, right: Hypothesis) -> Hypothesis:
    text = " ".join(part for part in (left.text, right.text) if part)
    confidence = (left.confidence or 0.0) * (right.confidence or 0.0)
    return Hypothesis(text, round(confidence, 4), left.words + right.words)
