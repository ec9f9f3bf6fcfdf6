"""Threads are few: who may have one, who waits, who is told to come back."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path

import pytest

from voice import deadlines
from voice.opening import open_assistant
from voice.server.app import create_app
from voice.server.front import Front, create_front
from voice.server.lanes import LaneOptions
from voice.settings import Settings

QUESTION = (Path(__file__).parents[1] / "fixtures" / "speech" / "spine-cracks.flac").read_bytes()
KEYS = "greedy-key, modest-key"
GREEDY, MODEST = (f"Bearer {key}" for key in KEYS.split(", "))


def sleepy_app(environ, start_response):
    """Answer after as many seconds as the query string says."""
    time.sleep(float(environ["QUERY_STRING"] or 0))
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b"{}"]


def test_audio_does_not_hold_up_text(serve_front, settings):
    audio = LaneOptions(threads=2, waiting=1, wait_seconds=0.3, answer_seconds=60)
    client = serve_front(Front(sleepy_app, settings, audio=audio))
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: statuses.append(client.request("POST", "/listen?0.7").status)
        )
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    started = time.monotonic()
    assert client.request("POST", "/ask").status == 200
    assert time.monotonic() - started < 0.5
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 200, 503, 503, 503, 503]
    assert client.request("POST", "/listen?0").status == 200


def test_who_waits_for_a_thread_gets_it(serve_front, settings):
    text = LaneOptions(threads=1, waiting=10, wait_seconds=10, answer_seconds=60)
    client = serve_front(Front(sleepy_app, settings, text=text))
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(client.request("POST", "/ask?0.05").status))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 8


def test_who_leaves_while_waiting_is_dropped(serve_front, settings, caplog):
    caplog.set_level("INFO")
    done: list[str] = []

    def noting_app(environ, start_response):
        done.append(environ["QUERY_STRING"])
        return sleepy_app(environ, start_response)

    text = LaneOptions(threads=1, waiting=10, wait_seconds=10, answer_seconds=60)
    client = serve_front(Front(noting_app, settings, text=text))
    first = threading.Thread(target=lambda: client.request("POST", "/ask?0.6"))
    first.start()
    time.sleep(0.2)
    with client.connect() as leaver:
        leaver.sendall(b"POST /ask?0.01 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        time.sleep(0.2)
    first.join()
    assert client.request("POST", "/ask?0.0").status == 200
    assert done == ["0.6", "0.0"]
    assert "POST /ask 499" in caplog.text


def test_an_app_that_hangs_is_answered_for(serve_front, settings, caplog):
    text = LaneOptions(threads=1, waiting=10, wait_seconds=0.2, answer_seconds=0.3)
    client = serve_front(Front(sleepy_app, settings, text=text))
    started = time.monotonic()
    answer = client.request("POST", "/ask?0.7")
    assert (answer.status, answer.error) == (503, "deadline")
    assert time.monotonic() - started < 0.6
    # Its thread is held until it ends, then it is there again.
    assert client.request("POST", "/ask?0").error == "busy"
    time.sleep(max(0.0, started + 0.8 - time.monotonic()))
    assert client.request("POST", "/ask?0").status == 200
    assert not caplog.records  # its late answer is dropped without a word


def wait_until(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def upload(client, answers, authorization, body=b"", path="/listen"):
    """Send an upload in a thread of its own; its answer is added to the list when it comes."""

    def send():
        answer = client.request("POST", path, body, timeout=60, Authorization=authorization)
        answers.append((authorization, answer))

    thread = threading.Thread(target=send)
    thread.start()
    return thread


def send_all(client, front, answers, *authorizations):
    """Send uploads that take the only thread for 0.1 s each, in this order."""
    threads = [upload(client, answers, authorizations[0], path="/listen?0.3")]
    wait_until(lambda: front._audio._free == 0)
    for place, authorization in enumerate(authorizations[1:], 1):
        threads.append(upload(client, answers, authorization, path="/listen?0.1"))
        wait_until(lambda place=place: len(front._audio._queue) >= min(place, 4))
    for thread in threads:
        thread.join()


@pytest.fixture
def keyed_front(serve_front, make_settings):
    """Return a front with keys, one thread for audio and four places to wait, and its client."""
    audio = LaneOptions(threads=1, waiting=4, wait_seconds=20, answer_seconds=60)
    front = Front(sleepy_app, make_settings(api_keys=KEYS), audio=audio)
    return front, serve_front(front)


def test_callers_take_turns_at_the_threads(keyed_front):
    front, client = keyed_front
    answers = []
    send_all(client, front, answers, GREEDY, GREEDY, GREEDY, GREEDY, MODEST)
    assert [answer.status for _, answer in answers] == [200] * 5
    served = [authorization for authorization, _ in answers]
    assert served.index(MODEST) <= 2


def test_who_waits_with_much_makes_room_for_others(keyed_front):
    front, client = keyed_front
    answers = []
    send_all(client, front, answers, *[GREEDY] * 5, MODEST)
    refused = [authorization for authorization, answer in answers if answer.status == 503]
    assert refused == [GREEDY]
    assert all(answer.error == "busy" for _, answer in answers if answer.status == 503)
    assert [answer.status for authorization, answer in answers if authorization == MODEST] == [200]


@pytest.fixture(scope="module")
def one_decoder(serve_front, tmp_path_factory):
    """Return a client of a server with one real PocketSphinx child, and its pool."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, stt="pocketsphinx", api_keys=KEYS, tts="off")
    assistant = open_assistant(settings)
    yield serve_front(create_front(create_app(settings, assistant), settings)), assistant
    assistant.close()


@pytest.fixture
def _patient(monkeypatch):
    """Give each clip a minute: on a busy machine it takes seconds until all of them wait."""
    monkeypatch.setattr(deadlines, "AUDIO_BASE_SECONDS", 60.0)


@contextlib.contextmanager
def counting(worker, monkeypatch):
    """Count the clips that a child decodes."""
    calls = []
    call = worker.call

    def counted(method, *arguments, **more):
        calls.append(method)
        return call(method, *arguments, **more)

    with monkeypatch.context() as patched:
        patched.setattr(worker, "call", counted)
        yield calls


@pytest.mark.slow
@pytest.mark.usefixtures("_patient")
def test_a_greedy_caller_does_not_keep_others_from_being_heard(one_decoder):
    client, assistant = one_decoder
    pool = assistant.recognizer._pools["faq"]
    answers = []
    with pool.lease(20):
        threads = [upload(client, answers, GREEDY, QUESTION) for _ in range(6)]
        wait_until(lambda: len(pool._turns._waiting) == 6)
        threads.append(upload(client, answers, MODEST, QUESTION))
        wait_until(lambda: len(pool._turns._waiting) == 7)
    for thread in threads:
        thread.join()
    assert [answer.status for _, answer in answers] == [200] * 7
    assert [authorization for authorization, _ in answers].index(MODEST) <= 2


@pytest.mark.usefixtures("_patient")
def test_who_leaves_in_the_queue_is_not_heard(one_decoder, monkeypatch, caplog):
    caplog.set_level("INFO")
    client, assistant = one_decoder
    pool = assistant.recognizer._pools["faq"]
    (worker,) = pool._workers
    head = (
        f"POST /listen HTTP/1.1\r\nHost: localhost\r\nAuthorization: {GREEDY}\r\n"
        f"Content-Length: {len(QUESTION)}\r\n\r\n"
    ).encode()
    answers = []
    with counting(worker, monkeypatch) as calls:
        with pool.lease(20):
            leavers = [client.connect() for _ in range(4)]
            for leaver in leavers:
                leaver.sendall(head + QUESTION)
            wait_until(lambda: len(pool._turns._waiting) == 4)
            stayer = upload(client, answers, MODEST, QUESTION)
            wait_until(lambda: len(pool._turns._waiting) == 5)
            for leaver in leavers:
                leaver.close()
            wait_until(lambda: len(pool._turns._waiting) == 1)  # their places are free at once
        stayer.join()
    assert [answer.status for _, answer in answers] == [200]
    assert calls == ["decode"]
    wait_until(lambda: caplog.text.count("POST /listen 499") == 4)
