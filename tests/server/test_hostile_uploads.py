"""Uploads made to hurt, at a server that hears: refused in order, others are served meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time

import pytest

from benchmarks.hostile import attack
from benchmarks.hostile_files import bombs, slow_files
from benchmarks.hostile_requests import rule_breakers, send

QUESTION = "Is it normal for your spine to crack?"
HEAD = b"POST /listen HTTP/1.1\r\nHost: localhost\r\nContent-Type: audio/wav\r\n"
CONNECTION_OUTCOMES = {
    "says nothing": {"closed"},
    "half a header": {"closed"},
    "drips its header": {"closed"},
    "drips its upload": {"408"},
    "drips its chunks": {"408"},
    "stops half-way": {"408"},
    "upload without end": {"413", "closed"},  # closed while it still sends, it may miss the answer
    "claims far too much": {"413"},
    "claims less than it sends": {"400", "415"},  # the rest is no request
    "claims a negative length": {"400"},
    "claims no number": {"400"},
    "two lengths": {"400"},
    "length and chunks": {"400"},
}


@pytest.fixture(scope="module")
def full(full_server):
    """Return a client of the server that hears and speaks."""
    return full_server.client


@pytest.mark.slow
def test_uploads_that_break_their_word_are_shown_the_door(full):
    kinds = rule_breakers()

    async def send_all():
        return await asyncio.gather(*(send(full.port, kinds[name]) for name in CONNECTION_OUTCOMES))

    outcomes = dict(zip(CONNECTION_OUTCOMES, asyncio.run(send_all()), strict=True))
    assert {k: v for k, v in outcomes.items() if v not in CONNECTION_OUTCOMES[k]} == {}
    assert full.ask(QUESTION).status == 200


@pytest.mark.slow
def test_an_upload_without_end_is_cut_off(full):
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    started = time.monotonic()
    with full.connect() as connection, contextlib.suppress(OSError):
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        while time.monotonic() - started < 60:
            connection.sendall(chunk)
    assert time.monotonic() - started < 30  # it was closed long before we would have stopped
    assert full.ask(QUESTION).status == 200


def test_who_claims_less_than_it_sends_gets_one_answer_and_a_refusal(full):
    with full.connect() as connection:
        connection.sendall(HEAD + b"Content-Length: 10\r\n\r\n" + b"x" * 10)
        assert connection.recv(65536).startswith(b"HTTP/1.1 415 ")
        connection.sendall(b"x" * 50_000)
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_who_stops_half_way_and_leaves_holds_nobody_up(full):
    for _ in range(40):
        with full.connect() as connection:
            connection.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n" + bytes(500_000))
            connection.shutdown(socket.SHUT_WR)
    assert full.ask(QUESTION).status == 200


def test_a_form_of_ten_thousand_parts_is_refused(full):
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n\r\n'
    started = time.monotonic()
    answer = full.request(
        "POST",
        "/listen",
        part * 10_000 + b"--x--\r\n",
        Content_Type="multipart/form-data; boundary=x",
    )
    assert (answer.status, answer.error) == (413, "too_large")
    assert time.monotonic() - started < 5


@pytest.mark.slow
def test_minutes_in_a_few_bytes_are_refused(full):
    for name, data in bombs().items():
        answer = full.request("POST", "/listen", data)
        assert (answer.status, answer.error) == (413, "audio_too_long"), name


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(slow_files(1 << 12)))
def test_a_file_that_is_slow_to_parse_ends_and_the_next_is_heard(full, name):
    spoken = full.post("/speak", {"text": QUESTION}).body
    answer = full.request("POST", "/listen", slow_files(1 << 20)[name], timeout=60)
    assert answer.status in (200, 413, 415)
    assert full.request("POST", "/listen", spoken).json()["transcript"]["text"]


@pytest.mark.slow
def test_good_questions_are_answered_beside_hostile_requests(full):
    seen = attack(full.port, 80)
    assert len(seen["kinds"]) > 30  # each came twice
    assert seen["good"]["asked"] > 20
    assert seen["good"]["wrong"] == 0
    assert seen["good"]["max_ms"] < 5000
    outcomes = {outcome for kind in seen["kinds"].values() for outcome in kind}
    assert "held" not in outcomes
    assert not any(outcome.startswith("5") and outcome != "503" for outcome in outcomes)
