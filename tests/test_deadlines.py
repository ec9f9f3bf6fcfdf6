from __future__ import annotations

import time

import pytest

from voice.caller import Caller, as_caller
from voice.deadlines import audio_deadline, audio_deadline_seconds
from voice.types import AudioChunk


@pytest.mark.parametrize(("audio", "allowed"), [(0, 3), (4, 9), (60, 60), (600, 60)])
def test_long_audio_may_take_longer_up_to_a_minute(audio: float, allowed: float) -> None:
    assert audio_deadline_seconds(audio) == allowed


def test_waiting_before_counts_toward_the_deadline() -> None:
    four_seconds = AudioChunk(bytes(4 * 32_000))
    assert audio_deadline(four_seconds) - time.monotonic() == pytest.approx(9, abs=1)
    with as_caller(Caller("a", time.monotonic() - 25)):
        assert audio_deadline(four_seconds) - time.monotonic() == pytest.approx(-16, abs=1)
