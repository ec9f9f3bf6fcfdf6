"""The child that decodes with PocketSphinx, which holds the interpreter lock while it works.

A whole clip is decoded at once: the level of its sound is then measured over all of it. Live audio
starts without that (word error rate 49 % against 38 for the same clips), so it gives the partial
texts only.
"""

from __future__ import annotations

import math
from itertools import islice
from statistics import fmean
from typing import Any, Final

from voice.worker.child import Service
from voice.worker.frames import Frame

N_BEST: Final = 5
_LOOKED_AT: Final = 15  # the list repeats texts that differ in pauses only
_FRAMES_PER_SECOND: Final = 100
# Against 1 by default: a language model made of the FAQ is worth trusting.
_LANGUAGE_WEIGHT: Final = 6.5
_MARKS: Final = ("<", "[", "+")  # how silence and noise begin
_LEAST_SAMPLES: Final = 800  # 50 ms; the library wants some frames


def open_service(language_model: str | None = None, dictionary: str | None = None) -> Service:
    """Load the acoustic model with these two files, else the wheel's own; return the service."""
    from pocketsphinx import Decoder

    options: dict[str, Any] = {}
    if language_model is not None:
        weights = dict.fromkeys(("lw", "fwdflatlw", "bestpathlw"), _LANGUAGE_WEIGHT)
        options = {"lm": language_model, "dict": dictionary, **weights}
    # Without dither, digital silence upsets the features: 89 % of espeak-ng's clean questions
    # right, with it all.
    return DecoderService(Decoder(dither=True, seed=1, loglevel="FATAL", **options))


class DecoderService:
    """Answer "partial" (more audio of an utterance) and "decode" (all of its audio)."""

    def __init__(self, decoder: Any) -> None:
        self._decoder = decoder
        self._running = False  # an utterance was begun and not ended

    def __call__(self, method: str, arguments: dict[str, Any], payload: bytes) -> Frame:
        """Do one call."""
        if method == "partial":
            return {"text": self._partial(payload, bool(arguments["first"]))}, b""
        return {"hypotheses": self._decode(payload)}, b""

    def _partial(self, pcm: bytes, first: bool) -> str:
        if first:
            self._start()
        self._decoder.process_raw(pcm)
        heard = self._decoder.hyp()
        return heard.hypstr if heard else ""

    def _decode(self, pcm: bytes) -> list[dict[str, Any]]:
        if len(pcm) < 2 * _LEAST_SAMPLES:
            return []
        self._start()
        self._decoder.process_raw(pcm, full_utt=True)
        self._end()
        best = self._decoder.hyp()
        if best is None or not best.hypstr:
            return []
        others = (found.hypstr for found in islice(self._decoder.nbest(), _LOOKED_AT) if found)
        texts = dict.fromkeys((best.hypstr, *others))
        words = self._words()
        confidence = round(fmean(word[3] for word in words), 4) if words else None
        first = {"text": best.hypstr, "words": words, "confidence": confidence}
        return [first, *({"text": text} for text in [*texts][1:N_BEST])]

    def _start(self) -> None:
        """Begin an utterance with nothing left of the one before, so that order changes nothing."""
        if self._running:
            self._end()
        self._decoder.reinit_feat()
        self._decoder.start_utt()
        self._running = True

    def _end(self) -> None:
        self._decoder.end_utt()
        self._running = False

    def _words(self) -> list[tuple[str, float, float, float]]:
        """Return text, start and end in seconds, and confidence of every word."""
        return [
            (
                segment.word.partition("(")[0],
                segment.start_frame / _FRAMES_PER_SECOND,
                (segment.end_frame + 1) / _FRAMES_PER_SECOND,
                _share(segment.prob),
            )
            for segment in self._decoder.seg()
            if not segment.word.startswith(_MARKS)
        ]


def _share(probability: float) -> float:
    return round(min(max(probability, 0.0), 1.0), 4) if math.isfinite(probability) else 0.0
