"""Follow live sound, piece by piece: how likely each piece is speech, and how loud it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from voice.audio.gate import GAIN_DB, LEVEL_DB, WINDOW_SAMPLES, load_detector
from voice.types import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, AudioChunk

WINDOW_BYTES: Final = WINDOW_SAMPLES * BYTES_PER_SAMPLE
WINDOW_SECONDS: Final = WINDOW_SAMPLES / SAMPLE_RATE_HZ
# The gain follows the loudest of the last seconds: up at once, down over this time.
FALL_SECONDS: Final = 5.0
# Louder than the noise of a quiet room at a quiet microphone; less says nothing about speech.
START_LEVEL_DB: Final = -45.0
_SILENCE: Final = 1e-6
_FULL_SCALE: Final = 32_768.0


@dataclass(frozen=True, slots=True)
class Piece:
    """32 ms of sound."""

    chunk: AudioChunk
    probability: float  # that it is speech, 0-1
    level_db: float  # over full scale; 0 is the loudest there is


class SpeechDetector:
    """Tell speech in a stream of 16 kHz audio; for one stream, not shared."""

    def __init__(self) -> None:
        self._detector: Any = load_detector()
        self._rest = b""
        self._loudest_db = START_LEVEL_DB

    def process(self, chunk: AudioChunk) -> Iterator[Piece]:
        """Yield every whole piece there is now; what is left over waits for the next chunk."""
        pcm = self._rest + chunk.pcm
        whole = len(pcm) - len(pcm) % WINDOW_BYTES
        self._rest = pcm[whole:]
        for start in range(0, whole, WINDOW_BYTES):
            yield self._piece(pcm[start : start + WINDOW_BYTES])

    def reset(self) -> None:
        """Forget the sound so far, but not how loud it was."""
        self._detector.reset()
        self._rest = b""

    def _piece(self, pcm: bytes) -> Piece:
        samples = np.frombuffer(pcm, "<i2").astype(np.float32) / _FULL_SCALE
        samples -= samples.mean()  # a cheap microphone's offset is no level
        level_db = 20 * float(np.log10(max(float(np.sqrt(np.mean(samples**2))), _SILENCE)))
        fall = (self._loudest_db - START_LEVEL_DB) * WINDOW_SECONDS / FALL_SECONDS
        self._loudest_db = max(level_db, self._loudest_db - max(fall, 0.0))
        gain_db = min(max(LEVEL_DB - self._loudest_db, GAIN_DB[0]), GAIN_DB[1])
        leveled = samples * np.float32(10 ** (gain_db / 20))
        probability = float(self._detector.process_samples(leveled.tolist()))
        return Piece(AudioChunk(pcm), probability, level_db)
