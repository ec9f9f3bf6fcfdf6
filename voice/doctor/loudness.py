"""How loud speech is."""

from __future__ import annotations

from typing import Final

import numpy as np

from voice.audio.wav import read_wav

_FULL_SCALE: Final = 32768.0
_FLOOR: Final = 1e-6  # of full scale; below it is silence


def loudness_db(wav: bytes) -> float:
    """Return the effective level of a WAV in decibels below full scale; -120 for silence."""
    samples = np.frombuffer(read_wav(wav).pcm, dtype="<i2") / _FULL_SCALE
    level = float(np.sqrt(np.mean(samples**2))) if samples.size else 0.0
    return 20 * float(np.log10(max(level, _FLOOR)))
