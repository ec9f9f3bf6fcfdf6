from __future__ import annotations

import numpy as np

from voice.live.level import CLIPPED, SILENT, LevelWatch
from voice.types import AudioChunk


def complaints(watch: LevelWatch, samples: list[int], seconds: float) -> list[str]:
    chunk = AudioChunk(np.resize(np.array(samples, "<i2"), 320).tobytes())
    found = (watch.process(chunk) for _ in range(int(seconds / chunk.seconds)))
    return [complaint for complaint in found if complaint]


def test_silence_is_told_once_after_some_seconds():
    watch = LevelWatch()
    assert complaints(watch, [0, 1, 0, -1], 4.9) == []
    assert complaints(watch, [0], 30.0) == [SILENT]


def test_silence_is_told_again_when_there_was_sound_between():
    watch = LevelWatch()
    assert complaints(watch, [0], 6.0) == [SILENT]
    assert complaints(watch, [100, -100], 1.0) == []
    assert complaints(watch, [0], 6.0) == [SILENT]


def test_clipping_is_told_once():
    watch = LevelWatch()
    assert complaints(watch, [32_767, -32_768, 0, 0], 10.0) == [CLIPPED]


def test_single_loud_samples_are_no_clipping():
    assert complaints(LevelWatch(), [32_767] + [0] * 319, 10.0) == []
