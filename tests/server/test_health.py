"""Health, and the headers of the page."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from voice import deadlines, opening
from voice.server.app import create_app
from voice.server.front import create_front

QUESTION = (Path(__file__).parents[1] / "fixtures" / "speech" / "stop.flac").read_bytes()


def test_live(client):
    assert client.get("/health/live").json() == {"status": "live"}


def test_ready_warns_of_what_does_not_work_here(client):
    answer = client.get("/health/ready")
    assert answer.status == 200
    health = answer.json()
    assert health["status"] == "ready"
    assert health["reasons"] == []
    assert "recognizer" in " ".join(health["warnings"])
    assert "synthesizer" in " ".join(health["warnings"])


@pytest.fixture
def hanging(serve_front, make_settings, hanging_vosk, monkeypatch):
    """Return a client of a server that hears with the hanging recognizer, and its event."""
    monkeypatch.setattr(opening, "open_recognizer", lambda *_: hanging_vosk[0])
    monkeypatch.setattr(deadlines, "AUDIO_BASE_SECONDS", 2.0)
    monkeypatch.setattr(deadlines, "AUDIO_FACTOR", 0.0)
    settings = make_settings(tts="off")
    assistant = opening.open_assistant(settings)
    yield serve_front(create_front(create_app(settings, assistant), settings)), hanging_vosk[1]
    hanging_vosk[1].set()
    assistant.close()


@pytest.mark.slow
def test_not_ready_when_every_thread_of_the_recognizer_hangs(hanging):
    client, event = hanging
    assert client.get("/health/ready").status == 200
    assert client.request("POST", "/listen", QUESTION).error == "deadline"
    health = client.get("/health/ready")
    assert (health.status, health.json()["status"]) == (503, "not_ready")
    assert "retry-after" in health.headers
    assert "the recognizer hangs" in health.json()["reasons"][0]
    assert client.get("/health/live").status == 200
    refused = client.request("POST", "/listen", QUESTION)
    assert (refused.status, refused.error) == (503, "busy")
    assert client.ask("Why do backs crack?").status == 200
    event.set()
    end = time.monotonic() + 10
    while client.get("/health/ready").status != 200 and time.monotonic() < end:
        time.sleep(0.02)
    assert client.request("POST", "/listen", QUESTION).json()["transcript"]["text"] == "stop"


def test_the_page_may_only_load_its_own_files(client):
    for path in ("/", "/page/page.js"):
        answer = client.get(path)
        assert answer.status == 200
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "microphone=(self)" in answer.headers["permissions-policy"]


def test_an_unchanged_page_is_not_sent_again(client):
    first = client.get("/page/page.js")
    again = client.get("/page/page.js", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
