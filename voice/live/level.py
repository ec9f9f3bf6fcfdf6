"""Notice a microphone that gives nothing but zeros, or more than it can."""

from __future__ import annotations

from typing import Final

import numpy as np

from voice.types import AudioChunk

SILENT_SECONDS: Final = 5.0
SILENT_STEPS: Final = 1  # samples at most this far from zero are no sound of any room
CLIPPED_STEPS: Final = 32_700  # of 32,768
CLIPPED_SAMPLES: Final = 160  # 10 ms in all, in a second
SILENT: Final = "the microphone gives only silence: is it muted?"
CLIPPED: Final = "the microphone is too loud: turn it down, or step back from it"


class LevelWatch:
    """Follow one microphone; each complaint is made once until the microphone has changed."""

    def __init__(self) -> None:
        self._silent_seconds = 0.0
        self._clipped = 0.0  # samples, forgotten within a second
        self._said: set[str] = set()

    def process(self, chunk: AudioChunk) -> str | None:
        """Take the next sound and return the complaint that is due, if any."""
        samples = np.frombuffer(chunk.pcm, "<i2").astype(np.int32)
        loudest = np.abs(samples)
        if loudest.max(initial=0) > SILENT_STEPS:
            self._silent_seconds = 0.0
            self._said.discard(SILENT)
        else:
            self._silent_seconds += chunk.seconds
        kept = max(1.0 - chunk.seconds, 0.0)
        self._clipped = self._clipped * kept + np.count_nonzero(loudest >= CLIPPED_STEPS)
        if self._silent_seconds >= SILENT_SECONDS:
            return self._once(SILENT)
        return self._once(CLIPPED) if self._clipped >= CLIPPED_SAMPLES else None

    def _once(self, complaint: str) -> str | None:
        if complaint in self._said:
            return None
        self._said.add(complaint)
        return complaint
