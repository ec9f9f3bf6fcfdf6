"""Much at once and much after another: nothing is lost, nothing changes, nothing grows."""

from __future__ import annotations

import pytest

from benchmarks.asking import Running
from benchmarks.carrying import upload_all
from benchmarks.repeating import changed_texts, memory_slope

TEXTS = [
    "Is it normal for your spine to crack?",
    "Is it bad to crack my back every day?",
    "Should I worry?",
    "Why does my back crack when I do a back bend?",
]


@pytest.fixture(scope="module")
def wavs(full_server):
    """Return questions as the server itself says them."""
    return [full_server.client.post("/speak", {"text": text}).body for text in TEXTS]


@pytest.fixture(scope="module", params=["vosk", "pocketsphinx"])
def engine_server(request, start_server, full_server):
    if request.param == "vosk":
        return full_server
    return start_server(stt="pocketsphinx", tts="off")


@pytest.mark.slow
def test_fifty_uploads_at_once_are_heard_or_told_to_come_back(engine_server, wavs):
    outcomes = upload_all(engine_server.client.port, [wavs[n % len(wavs)] for n in range(50)])
    assert len(outcomes) == 50
    assert set(outcomes) <= {"served", "told to come back"}
    assert outcomes.count("served") >= 2
    assert upload_all(engine_server.client.port, wavs[:1]) == ["served"]


@pytest.mark.slow
def test_the_order_of_clips_changes_no_text(engine_server, wavs):
    assert changed_texts(engine_server.client.port, wavs, orders=2) == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_hundred_clips_leave_memory_flat(engine_server, wavs):
    server = Running(engine_server.process.pid, engine_server.client.port)
    assert memory_slope(server, wavs, 200) < 8  # MB for a hundred clips; a clip has 0.1
