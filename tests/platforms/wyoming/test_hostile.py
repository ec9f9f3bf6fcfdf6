"""Connections that send nonsense, floods or nothing cost little and keep nobody out."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from wyoming.event import Event
from wyoming.info import Describe

DESCRIBE = b'{"type": "describe"}\n'
PING = b'{"type": "ping"}\n'
QUESTION = "Is it bad if your spine cracks?"

REFUSED = {
    "a web page": b"POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n" + DESCRIBE,
    "a list": b"[]\n",
    "no type": b"{}\n",
    "a length in letters": b'{"type": "describe", "data_length": "7"}\n',
    "a terabyte": b'{"type": "audio-chunk", "payload_length": 1000000000000}\n',
    "a header without end": b"x" * 300_000,
    "a text that is none": b'{"type": "transcript", "data": {"text": 7}}\n',
    "no text": b'{"type": "synthesize"}\n',
    "too long a text": b'{"type": "ping", "data": {"text": "' + b"a" * 1001 + b'"}}\n',
    "sound without a layout": b'{"type": "audio-chunk", "payload_length": 2}\nab',
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_nonsense_is_told_and_the_connection_closed(home, data):
    answer = json.loads(home.raw(data).partition(b"\n")[0])
    assert answer["type"] == "error"


def test_half_a_surrogate_pair_is_no_trouble(home):
    for kind, answer in (("ping", "pong"), ("transcript", "not-handled")):
        event = json.dumps({"type": kind, "data": {"text": "\ud800"}}).encode()
        assert answer.encode() in home.raw(event + b"\n", end=True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'{"type"',
        b'{"type": "audio-chunk", "payload_length": 100}\nabc',
        b'{"type": "x", "data_length": 100}\n{}',
    ],
)
def test_sockets_that_stop_half_way(home, data):
    for _ in range(20):
        with home.connect() as connection:
            connection.sendall(data)
    assert home.ask(Describe().event())[0].type == "info"


def test_who_leaves_without_hearing_the_answer(home):
    asked = Event("synthesize", {"text": "A back that cracks. " * 50}).to_dict()
    for _ in range(5):
        with home.connect() as connection:
            connection.sendall(json.dumps(asked).encode() + b"\n")
    assert home.ask(Describe().event())[0].type == "info"


@pytest.mark.slow
def test_silent_connections_hold_nobody_up(hearing_server, home):
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(home.connect())
        for _ in range(20):
            assert hearing_server.client.ask(QUESTION).status == 200
            assert home.ask(Describe().event())[0].type == "info"


@contextlib.contextmanager
def flooding(connections: list[socket.socket], data: bytes) -> Iterator[None]:
    """Send data to every connection for as long as it is taken."""
    stop = threading.Event()

    def flood(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while not stop.is_set():
                connection.sendall(data)

    threads = [threading.Thread(target=flood, args=(one,)) for one in connections]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for connection in connections:
            connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


@pytest.mark.slow
@pytest.mark.parametrize(
    "frame",
    [
        b'{"type": "x"}\n',
        b'{"type": "audio-chunk", "data": {"rate": 16000, "width": 2, "channels": 1}}\n',
    ],
)
def test_floods_of_tiny_events_keep_nobody_waiting(hearing_server, home, frame):
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(home.connect()) for _ in range(10)]
        with flooding(opened, frame * 500):
            time.sleep(0.3)
            started = time.monotonic()
            for _ in range(10):
                assert hearing_server.client.ask(QUESTION).status == 200
                assert home.ask(Describe().event())[0].type == "info"
            assert time.monotonic() - started < 20


def test_nothing_of_all_this_was_a_fault_of_ours(hearing_server, home):
    assert home.ask(Describe().event())[0].type == "info"
    log = hearing_server.log.read_text()
    assert "Traceback" not in log
    assert "never retrieved" not in log
