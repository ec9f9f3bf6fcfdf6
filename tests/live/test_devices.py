from __future__ import annotations

import sys
import time
from itertools import islice

import pytest

from voice.audio.devices import find_device
from voice.audio.microphone import Microphone, MicrophoneGoneError
from voice.audio.player import Loudspeaker
from voice.audio.wav import write_wav
from voice.errors import EngineError, SetupError
from voice.live.mouth import HALF_DUPLEX_SECONDS, Mouth
from voice.types import AudioChunk

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


def test_a_mouth_is_heard_from_its_first_sound_until_after_its_last(room, recognized, say):
    wav = write_wav(say("can i bring my dog"))
    heard = room.record()
    with Loudspeaker() as loudspeaker:
        loudspeaker.open(16_000)
        time.sleep(2.5)  # a null sink plays up to so much silence before it wakes
        mouth = Mouth(loudspeaker)
        assert not mouth.is_heard()
        started = time.monotonic()
        mouth.say("Can I bring my dog?", iter([wav]))
        while mouth.is_heard():
            time.sleep(0.01)
        seconds = time.monotonic() - started
    length = len(wav) / 32_000
    assert length + HALF_DUPLEX_SECONDS <= seconds < length + HALF_DUPLEX_SECONDS + 0.5
    assert recognized(heard()) == "can i bring my dog"


def test_a_stopped_mouth_is_silent(room):
    with Loudspeaker() as loudspeaker:
        mouth = Mouth(loudspeaker)
        assert not mouth.stop()
        mouth.say("", iter([write_wav(AudioChunk(bytes(960_000)))]))
        room.wait_for(mouth.is_speaking)
        assert mouth.stop()
        assert not mouth.is_speaking()
        assert mouth.is_heard()


def test_what_goes_wrong_while_speaking_is_told_once(room):
    def wavs():
        yield write_wav(AudioChunk(bytes(3_200)))
        raise EngineError("the voice broke")

    with Loudspeaker() as loudspeaker:
        mouth = Mouth(loudspeaker)
        mouth.say("", wavs())
        with pytest.raises(EngineError, match="the voice broke"):
            room.wait_for(lambda: not mouth.is_speaking())
        assert not mouth.is_speaking()
