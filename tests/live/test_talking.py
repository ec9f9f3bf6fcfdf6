"""Conversations at a microphone and a loudspeaker that are null sinks."""

from __future__ import annotations

import pytest

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
