"""Clients that only hold connections open cost no worker and are shown the door."""

from __future__ import annotations

import contextlib
import socket
import statistics
import threading
import time
from collections.abc import Iterator

import pytest

QUESTION = "Is it normal for your spine to crack?"


@contextlib.contextmanager
def connections(client, count: int, data: bytes = b"") -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(client.connect()) for _ in range(count)]
        for connection in opened:
            connection.sendall(data)
        yield opened


@contextlib.contextmanager
def dripping(targets: list[socket.socket], pieces: list[bytes]) -> Iterator[None]:
    """Send a piece to every target again and again."""
    stop = threading.Event()

    def drip():
        while not stop.wait(0.3):
            for target, piece in zip(targets, pieces, strict=True):
                with contextlib.suppress(OSError):
                    target.sendall(piece)

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def closed_within(connection: socket.socket, seconds: float) -> bool:
    connection.settimeout(seconds)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


@pytest.mark.slow
def test_idle_clients_hold_nobody_up(client):
    head = b"POST /listen HTTP/1.1\r\nHost: localhost\r\n"
    uploading = head + b"Content-Length: 100000\r\n\r\n"
    with (
        connections(client, 200) as silent,
        connections(client, 40, head) as half,
        connections(client, 40, b"POST") as dripping_heads,
        connections(client, 40, uploading) as dripping_bodies,
        dripping([*dripping_heads, *dripping_bodies], [b"X"] * 40 + [b"a"] * 40),
    ):
        times = []
        for _ in range(60):
            started = time.monotonic()
            assert client.ask(QUESTION).status == 200
            times.append(time.monotonic() - started)
            time.sleep(0.02)
        assert statistics.median(times) < 0.1
        assert max(times) < 1
        for one in (*silent[::50], *half[::10], *dripping_heads[::10], *dripping_bodies[::10]):
            assert closed_within(one, 9)


@pytest.mark.slow
def test_idle_kept_connections_are_closed(client):
    with client.connect() as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        # A drop now and then does not keep it open.
        with dripping([connection], [b"\r\n"]):
            assert closed_within(connection, 9)


@pytest.mark.slow
def test_the_newest_of_too_many_connections_is_dropped(start_server):
    client = start_server(stt="off", tts="off").client
    with contextlib.ExitStack() as stack:
        opened = []
        for _ in range(1100):
            with contextlib.suppress(OSError):
                opened.append(stack.enter_context(client.connect()))
        time.sleep(0.5)
        dropped = [one for one in opened if closed_within(one, 0.001)]
        assert 80 <= len(dropped) <= 200
    time.sleep(0.5)
    assert client.ask(QUESTION).status == 200


@pytest.mark.slow
def test_who_does_not_take_the_answer_is_cut_off(serve_front, settings, monkeypatch):
    from voice.server import http_protocol
    from voice.server.front import create_front

    monkeypatch.setattr(http_protocol, "WRITE_SECONDS", 1.0)

    def big_app(environ, start_response):
        start_response("200 OK", [("Content-Length", "30000000")])
        return [b"a" * 30_000_000]

    client = serve_front(create_front(big_app, settings))
    with client.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(3.5)
        received = 0
        with contextlib.suppress(ConnectionError):
            while part := connection.recv(1 << 20):
                received += len(part)
        assert received < 30_000_000
    # Who takes it slowly, but does, gets it whole.
    with client.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        received = 0
        while part := connection.recv(1 << 18):
            received += len(part)
            time.sleep(0.02)
        assert received > 30_000_000
