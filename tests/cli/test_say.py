from __future__ import annotations

import json

import pytest


@pytest.fixture
def speaking():
    return {"VOICE_TTS": "auto"}


def test_text_is_written_as_speech(voice, home, speaking):
    done = voice("say", "--out", "hello.wav", "--json", "Hello there.", **speaking)
    assert (done.returncode, done.stderr) == (0, b"")
    body = json.loads(done.stdout)
    assert body["file"] == "hello.wav"
    wav = (home / "hello.wav").read_bytes()
    assert wav.startswith(b"RIFF")
    assert len(wav) > body["seconds"] * 16_000  # bytes: 8 kHz at the least


def test_the_spoken_answer_of_a_question_is_written(voice, home, speaking):
    done = voice("ask", "--out", "answer.mp3", "why does my back crack when I bend", **speaking)
    assert done.returncode in (0, 1)
    assert (home / "answer.mp3").stat().st_size > 10_000


def test_an_unknown_voice_is_bad_use(voice, speaking):
    done = voice("say", "--voice", "nobody at all", "hello", **speaking)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"voice: ")
    assert done.stderr.count(b"\n") == 1


def test_voices_can_be_filtered_by_language(voice, speaking):
    done = voice("voices", "--locale", "en", "--json", **speaking)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows
    assert all(any(tag.startswith("en") for tag in row["locales"]) for row in rows)
    assert {tuple(row) for row in rows} == {("name", "locales", "engine")}


def test_speech_that_is_off_is_told(voice):
    done = voice("say", "hello")
    assert done.returncode == 2
    assert done.stderr == b"voice: speech is off, as the setting tts says; answers are text only\n"
