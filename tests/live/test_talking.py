"""Conversations at a microphone and a loudspeaker that are null sinks."""

from __future__ import annotations

import sys
import time

import pytest

if sys.platform == "win32":
    pytest.skip("PulseAudio is not for Windows", allow_module_level=True)

pytestmark = pytest.mark.slow


def test_a_recorded_conversation_is_answered_aloud(studio, start_listening, say, recognized):
    studio.plug_both()
    program = start_listening()
    answers = studio.record()
    studio.play(say("when are you open", 7.0, "can i bring my dog", 6.0), wait=False)
    first, second = program.reply(), program.reply()
    assert [first["status"], second["status"]] == ["answer", "answer"]
    assert first["answer"]["entry_id"] == "open"
    assert second["answer"]["entry_id"] == "dogs"
    assert first["transcript"]["engine"] == "vosk"
    assert program.has_no_reply(5.0)
    text = recognized(answers())
    assert "every day" in text, text
    assert "dogs" in text or "welcome" in text, text
    assert program.interrupt() == 130
    assert program.notices == []


def test_once(studio, start_listening, say):
    studio.plug_both()
    program = start_listening("--once", "--no-speak")
    studio.play(say("how much is a ticket", 1.0))
    assert program.reply()["answer"]["entry_id"] == "cost"
    assert program.wait() == 0


def test_it_does_not_answer_itself(studio, start_listening, say, recognized):
    studio.plug_both()
    # Whatever the loudspeaker plays is in the room, where the microphone is.
    studio.pactl("load-module", "module-loopback", "source=speaker.monitor", "sink=room")
    program = start_listening()
    room = studio.record("room")
    studio.play(say("when are you open", 0.5))
    assert program.reply()["answer"]["entry_id"] == "open"
    assert program.has_no_reply(8.0)
    assert "every day" in recognized(room()), "the loudspeaker cannot be heard in the room"
    studio.play(say("can i bring my dog", 0.5))
    assert program.reply()["answer"]["entry_id"] == "dogs"


def test_passers_by_are_not_spoken_to(studio, start_listening, say, loudness):
    studio.plug_both()
    program = start_listening()
    spoken = studio.record()
    studio.play(say("seven six five four three", 1.0))
    assert program.reply()["status"] == "unknown"
    assert program.has_no_reply(3.0)
    assert loudness(spoken()) < 0.001
    studio.play(say("how much is a ticket", 1.0))
    assert program.reply()["status"] == "answer"
    assert program.has_no_reply(4.0)
    spoken = studio.record()
    studio.play(say("seven six five four three", 1.0))
    assert program.reply()["status"] == "unknown"
    assert program.has_no_reply(3.0)
    assert loudness(spoken()) > 0.01


def test_did_you_mean_is_answered_by_voice(studio, start_listening, say):
    studio.plug_both()
    program = start_listening("--no-speak", VOICE_MIN_MARGIN="1")
    studio.play(say("how much is a ticket on sunday", 1.5))
    asked = program.reply()
    assert asked["status"] == "clarify", asked
    studio.play(say("the first one", 1.0))
    chosen = program.reply()
    assert chosen["status"] == "answer"
    assert chosen["answer"]["entry_id"] == asked["candidates"][0]["entry_id"]


def test_did_you_mean_is_answered_by_key(studio, start_listening, say):
    studio.plug_both()
    program = start_listening("--no-speak", keys=True, VOICE_MIN_MARGIN="1")
    studio.play(say("how much is a ticket on sunday", 1.5))
    asked = program.reply()
    assert asked["status"] == "clarify", asked
    assert len(asked["candidates"]) == 1
    program.press("2")  # was not offered
    assert program.has_no_reply(1.0)
    program.press("1")
    assert program.reply()["answer"]["entry_id"] == asked["candidates"][0]["entry_id"]
    program.press("1")  # nothing is asked any more
    assert program.has_no_reply(1.0)
    studio.play(say("how much is a ticket on sunday", 1.5))
    assert program.reply()["status"] == "clarify"
    program.press("n")
    assert program.reply()["status"] == "unknown"


def test_push_to_talk_hears_only_after_the_space_bar(studio, start_listening, say):
    studio.plug_both()
    program = start_listening("--no-speak", "--push-to-talk", keys=True)
    studio.play(say("can i bring my dog", 1.0))
    assert program.has_no_reply(2.0)
    program.press(" ")
    studio.play(say(0.5, "can i bring my dog", 1.0))
    assert program.reply()["answer"]["entry_id"] == "dogs"
    studio.play(say("can i bring my dog", 1.0))
    assert program.has_no_reply(2.0)
    program.press(" ")
    time.sleep(1.0)
    program.press(" ")
    assert program.reply()["status"] == "no_input"
    assert program.interrupt() == 130


def test_space_stops_an_answer(studio, start_listening, say, loudness):
    studio.plug_both()
    program = start_listening(keys=True, VOICE_RATE="60")
    studio.play(say("when are you open", 0.2))
    program.reply()
    time.sleep(0.5)
    program.press(" ")
    time.sleep(0.4)
    spoken = studio.record()
    time.sleep(1.5)
    assert loudness(spoken()) < 0.001


def test_a_microphone_may_go_and_come_back(studio, start_listening, say):
    module = studio.plug("room")
    studio.pactl("set-default-source", "room.monitor")
    program = start_listening("--device", "room", "--no-speak")
    studio.play(say("when are you open", 1.0))
    assert program.reply()["answer"]["entry_id"] == "open"
    studio.unplug(module)
    studio.wait_for(lambda: program.notices)
    assert len(program.notices) == 1
    assert "plug it in again" in program.notices[0]
    studio.plug("room")
    studio.wait_for(studio.is_heard)
    studio.play(say(3.0, "can i bring my dog", 1.0))
    assert program.reply()["answer"]["entry_id"] == "dogs"
    assert program.runs()


def test_a_dead_microphone_is_told_once(studio, start_listening):
    studio.plug_both()
    program = start_listening("--no-speak")
    studio.wait_for(lambda: program.notices)
    assert program.has_no_reply(3.0)
    assert program.notices == ["voice: the microphone gives only silence: is it muted?"]


def test_clipped_sound_is_told_once_and_heard(studio, start_listening, say, louder):
    studio.plug_both()
    program = start_listening("--no-speak")
    studio.play(louder(say("can i bring my dog", 1.0), 6.0))
    assert program.reply()["transcript"]["text"]
    assert [line for line in program.notices if "too loud" in line] == [
        "voice: the microphone is too loud: turn it down, or step back from it"
    ]


def test_a_microphone_of_8_khz_works(studio, start_listening, say):
    studio.plug("room", rate_hz=8_000)
    program = start_listening("--no-speak", "--once")
    studio.play(say("how much is a ticket", 1.0))
    assert program.reply()["answer"]["entry_id"] == "cost"
    assert program.wait() == 0


def test_pocketsphinx_answers_too(studio, start_listening, say):
    studio.plug_both()
    program = start_listening("--no-speak", "--once", VOICE_STT="pocketsphinx")
    studio.play(say("how much is a ticket", 1.0))
    assert program.reply()["transcript"]["engine"] == "pocketsphinx"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--device", "bathtub"], "no microphone is called 'bathtub'; there are 1: "),
        (["--push-to-talk"], "--push-to-talk needs a terminal"),
    ],
)
def test_what_cannot_be_is_one_line(studio, start_listening, arguments, why):
    studio.plug_both()
    program = start_listening(*arguments, waits=False)
    assert program.wait() == 2
    studio.wait_for(lambda: program.notices)
    assert len(program.notices) == 1
    assert why in program.notices[0]


def test_no_sound_at_all_is_one_line(studio, start_listening):
    program = start_listening("--no-speak", waits=False, PULSE_SERVER="unix:/nowhere")
    assert program.wait() == 2
    studio.wait_for(lambda: program.notices)
    (line,) = program.notices
    assert line.startswith("voice: no microphone was found; connect one")
