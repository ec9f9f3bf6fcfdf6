from __future__ import annotations

import json

import pytest


@pytest.fixture
def speaking():
    return {"VOICE_TTS": "auto"}


def test_text_is_written_as_speech(here, home, speaking):
    done = here("say", "--out", "hello.wav", "--json", "Hello there.", **speaking)
    assert (done.code, done.err) == (0, "")
    body = json.loads(done.out)
    assert body["file"] == "hello.wav"
    wav = (home / "hello.wav").read_bytes()
    assert wav.startswith(b"RIFF")
    assert len(wav) > body["seconds"] * 16_000  # bytes: 8 kHz at the least


def test_the_spoken_answer_of_a_question_is_written(here, home, speaking):
    done = here("ask", "--out", "answer.mp3", "why does my back crack when I bend", **speaking)
    assert done.code in (0, 1)
    assert (home / "answer.mp3").stat().st_size > 10_000


def test_an_unknown_voice_is_bad_use(here, speaking):
    done = here("say", "--voice", "nobody at all", "hello", **speaking)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("voice: ")
    assert done.err.count("\n") == 1


def test_voices_can_be_filtered_by_language(here, speaking):
    done = here("voices", "--locale", "en", "--json", **speaking)
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert rows
    assert all(any(tag.startswith("en") for tag in row["locales"]) for row in rows)
    assert {tuple(row) for row in rows} == {("name", "locales", "engine")}


def test_speech_that_is_off_is_told(here):
    done = here("say", "hello")
    assert done.code == 2
    assert done.err == "voice: speech is off, as the setting tts says; answers are text only\n"
