"""Bodies of every size and honesty reach the app whole, or not at all."""

from __future__ import annotations

import hashlib
import json
import socket
import struct
import time

import pytest

from voice.server import body as bodies
from voice.server.front import Front, create_front
from voice.settings import Settings

HEAD = b"POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"


def echo_app(environ, start_response):
    """Tell what came: the length, the digest and the framing headers of the body."""
    body = environ["wsgi.input"].read()
    told = {
        "length": len(body),
        "digest": hashlib.sha256(body).hexdigest(),
        "content_length": environ.get("CONTENT_LENGTH"),
        "chunked": environ.get("HTTP_TRANSFER_ENCODING"),
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(told).encode()]


@pytest.fixture(scope="module")
def echo(serve_front):
    return serve_front(create_front(echo_app, Settings()))


@pytest.mark.parametrize("size", [0, 1, 200_000, 256 << 10])
def test_a_body_comes_whole(echo, size):
    body = bytes(range(256)) * (size // 256 + 1)
    told = echo.request("POST", "/ask", body[:size]).json()
    assert told["length"] == size
    assert told["digest"] == hashlib.sha256(body[:size]).hexdigest()


def test_an_upload_larger_than_memory_comes_whole(echo):
    body = hashlib.sha256(b"seed").digest() * 320_000  # 10 MB
    told = echo.request("POST", "/listen", body).json()
    assert told["digest"] == hashlib.sha256(body).hexdigest()


def test_a_chunked_body_gets_its_true_length(echo):
    parts = [b"a" * 1000] * 20
    told = echo.request("POST", "/ask", iter(parts)).json()
    assert told["length"] == 20_000
    assert told["content_length"] == "20000"
    assert told["chunked"] is None


def test_a_body_may_come_in_pieces(echo):
    with echo.connect() as connection:
        connection.sendall(HEAD % b"/ask" + b"Content-Length: 10\r\n\r\n")
        for byte in b"0123456789":
            connection.sendall(bytes([byte]))
            time.sleep(0.02)
        assert b'"length": 10' in echo.read(connection)


def test_a_client_that_waits_for_100_continue_is_told_to(echo):
    with echo.connect() as connection:
        connection.sendall(HEAD % b"/ask" + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"hello")
        assert b'"length": 5' in echo.read(connection)


@pytest.mark.parametrize(
    ("path", "claimed"),
    [(b"/ask", 256 * 1024 + 1), (b"/listen", 27_000_000), (b"/ask", 10**12)],
)
def test_a_claim_over_the_cap_is_refused_at_once(echo, path, claimed):
    head = HEAD % path + b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % claimed
    with echo.connect() as connection:
        connection.sendall(head)
        started = time.monotonic()
        assert connection.recv(65536).startswith(b"HTTP/1.1 413 ")
        assert time.monotonic() - started < 1


def test_an_endless_chunked_body_is_cut_off_and_told(echo):
    def endless():
        for _ in range(40):
            yield b"a" * 100_000

    answer = echo.request("POST", "/ask", endless())
    assert (answer.status, answer.error) == (413, "too_large")
    assert answer.headers["connection"] == "close"


def test_a_body_longer_than_claimed_is_another_request(echo):
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n"
    answer = echo.raw(head + b"abcGET /x HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert b'"length": 3' in answer
    assert b'"length": 0' in answer
    assert echo.raw(head + b"abcGARBAGE\r\n\r\n").startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: -1\r\n",
        b"Content-Length: x\r\n",
        b"Content-Length: 3\r\nContent-Length: 4\r\n",
        b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 99999999999999999999999\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ],
)
def test_contradicting_framing_is_refused(echo, framing):
    answer = echo.raw(HEAD % b"/ask" + framing + b"\r\n0\r\n\r\n", timeout=10)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["error"]["code"] == "bad_request"


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        b"GET / HTTP/9.9\r\n\r\n",
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/1.1\r\nbad header\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\x00c\r\n\r\n",
        b"GET /?\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused_as_json(echo, data):
    head, _, body = echo.raw(data + b"\r\n").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/json" in head
    assert b"x-request-id: " in head
    assert json.loads(body)["error"]["message"]


@pytest.mark.parametrize("pieces", [1, 50])
@pytest.mark.parametrize("header", [b"X-Big: " + b"a" * 40_000, b"X-A: b\r\n" * 7000])
def test_a_header_over_the_cap_is_refused(echo, header, pieces):
    data = b"GET / HTTP/1.1\r\nHost: localhost\r\n" + header + b"\r\n\r\n"
    size = len(data) // pieces + 1
    with echo.connect() as connection:
        try:
            for start in range(0, len(data), size):
                connection.sendall(data[start : start + size])
        except ConnectionError:
            return  # refused before it was all sent
        answer = connection.recv(65536)
    assert answer[:13] in (b"HTTP/1.1 431 ", b"HTTP/1.1 400 ")


def test_a_header_without_end_is_refused_before_it_ends(echo):
    with echo.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: " + b"a" * 33_000)
        started = time.monotonic()
        assert connection.recv(65536).startswith(b"HTTP/1.1 431 ")
        assert time.monotonic() - started < 1


def test_connections_are_kept_and_pipelined_requests_are_answered_in_order(echo):
    last = (
        b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
    )
    kept = last.replace(b"Connection: close\r\n", b"")
    data = kept % (1, b"a") + kept % (2, b"aa") + last % (3, b"aaa")
    answer = echo.raw(data)
    assert [answer.index(b'"length": %d' % n) for n in (1, 2, 3)] == sorted(
        answer.index(b'"length": %d' % n) for n in (1, 2, 3)
    )


def test_a_client_that_leaves_half_way_takes_its_body_along(serve_front, settings, caplog):
    caplog.set_level("INFO")
    front = Front(echo_app, settings)
    client = serve_front(front)
    for _ in range(30):
        connection = client.connect()
        connection.sendall(
            HEAD % b"/listen" + b"Content-Length: 4000000\r\n\r\n" + b"a" * 3_000_000
        )
        # A reset instead of a farewell.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    assert client.request("POST", "/listen", b"a" * 20_000_000).json()["length"] == 20_000_000
    assert "POST /listen 499" in caplog.text
    assert "failed" not in caplog.text


@pytest.mark.parametrize("start", ["/pair/", "/hook/twilio/speech/"])
def test_no_link_that_is_a_secret_is_logged(serve_front, settings, caplog, start):
    caplog.set_level("INFO")
    client = serve_front(Front(echo_app, settings))
    for _ in range(2):  # the line of the first is there when the second is answered
        client.get(f"{start}abcdef?q=ghi")
    lines = [one.message for one in caplog.records if one.name == "voice.server.front"]
    assert lines[0].startswith(f"GET {start}... 200 ")


def test_a_slow_body_is_told_so(serve_front, settings, monkeypatch):
    monkeypatch.setattr(bodies, "GRACE_SECONDS", 0.3)
    client = serve_front(create_front(echo_app, settings))
    with client.connect() as connection:
        connection.sendall(HEAD % b"/ask" + b"Content-Length: 100\r\n\r\nabc")
        assert connection.recv(65536).startswith(b"HTTP/1.1 408 ")


def test_a_dripping_body_is_told_so(serve_front, settings, monkeypatch):
    monkeypatch.setattr(bodies, "GRACE_SECONDS", 0.5)
    client = serve_front(create_front(echo_app, settings))
    with client.connect() as connection:
        connection.sendall(HEAD % b"/ask" + b"Content-Length: 100000\r\n\r\n")
        connection.settimeout(0.05)
        started = time.monotonic()
        answer = b""
        while not answer and time.monotonic() - started < 10:
            connection.sendall(b"abcd")  # 80 bytes a second
            try:
                answer = connection.recv(65536)
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 408 ")
