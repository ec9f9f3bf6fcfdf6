from __future__ import annotations

import sys
import time
from itertools import islice

import pytest

from voice.audio.devices import find_device
from voice.audio.microphone import Microphone, MicrophoneGoneError
from voice.errors import SetupError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="PulseAudio is not for Windows"),
]


@pytest.fixture
def room(studio, monkeypatch):
    """Return the studio with two sinks, whose devices this process sees."""
    for name in ("PULSE_SERVER", "XDG_RUNTIME_DIR", "HOME"):
        monkeypatch.setenv(name, studio.environment[name])
    studio.plug_both()
    return studio


@pytest.mark.parametrize(
    ("wanted", "name"), [("1", "Monitor of speaker"), ("2", "Monitor of room"), ("ROOM", None)]
)
def test_a_device_is_found_by_number_or_part_of_its_name(room, wanted, name):
    found = find_device("microphone", wanted)
    assert found is not None
    assert found.name == name or (name is None and found.name == "Monitor of room")


@pytest.mark.parametrize(
    ("wanted", "why"), [("monitor", "more than one microphone"), ("3", "no microphone is called")]
)
def test_what_is_not_clear_names_what_there_is(room, wanted, why):
    with pytest.raises(SetupError, match=f"{why}.*1: Monitor of speaker; 2: Monitor of room"):
        find_device("microphone", wanted)


def test_the_system_chooses_where_nothing_is_wanted(room):
    assert find_device("microphone", None) is None


def test_what_waits_can_be_dropped_and_a_closed_microphone_opened_again(room):
    microphone = Microphone("room")
    for _ in range(2):
        with microphone:
            chunks = microphone.chunks()
            assert next(chunks).rate_hz == 16_000
            time.sleep(2.5)
            assert microphone.waiting_seconds > 0.2
            microphone.drop_waiting()
            assert microphone.waiting_seconds < 0.1


def test_a_named_microphone_that_goes_is_not_replaced_by_another(room):
    module = room.plug("guest")
    with Microphone("guest") as microphone:
        chunks = microphone.chunks()
        next(chunks)
        room.unplug(module)
        with pytest.raises(MicrophoneGoneError, match="plug it in again"):
            list(islice(chunks, 1000))
