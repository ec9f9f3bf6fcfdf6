"""Threads are few: who may have one, who waits, who is told to come back."""

from __future__ import annotations

import threading
import time

from voice.server.front import Front
from voice.server.lanes import LaneOptions


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
