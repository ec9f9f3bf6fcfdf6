"""What strangers send to bring a server down: each kind is a few pieces of bytes and some patience.

Run as `python -m benchmarks.hostile_requests PORT COUNT`, it sends so many, the kinds in turns,
and prints what became of each kind as JSON.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.hostile_files import hostile_files

AT_ONCE: Final = 200  # connections; a server takes 1,000 in all
DRIP_SECONDS: Final = 1.0
HOLD_SECONDS: Final = 40.0  # who is not shown the door by then is let off
ENDLESS_BYTES: Final = 200 << 20  # nobody takes that much

Pieces = Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Attack:
    """One request: what is sent, with a pause after each piece, and whether the answer is read."""

    pieces: Pieces
    pause_seconds: float = 0.0
    leaves: bool = False  # closes at once when all is sent
    reads: bool = True


def attacks() -> dict[str, Attack]:
    """Return every kind by name; making the files takes a few seconds."""
    return {**rule_breakers(), **_bodies(), **_files()}


def rule_breakers() -> dict[str, Attack]:
    """Return the kinds that do not keep to HTTP or to what they claim."""
    return {**_connections(), **_uploads()}


def _connections() -> dict[str, Attack]:
    many = (head("GET", "/openapi.json", "Connection: keep-alive") for _ in range(200))
    pipelined = b"".join(many)
    return {
        "says nothing": Attack(lambda: [b""]),
        "half a header": Attack(lambda: [b"POST /listen HTTP/1.1\r\nHost: localhost\r\nX"]),
        "drips its header": Attack(lambda: _drip(b"GET /"), DRIP_SECONDS),
        "header without end": Attack(lambda: [b"GET / HTTP/1.1\r\nX: " + b"a" * 200_000]),
        "speaks TLS": Attack(lambda: [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", bytes(500)]),
        "random bytes": Attack(lambda: [os.urandom(4096)]),
        "takes no answer": Attack(lambda: [pipelined], reads=False),
        "asks and leaves": Attack(lambda: [ask(b'{"question": "why"}')], leaves=True),
        "two lengths": Attack(lambda: [_framed("Content-Length: 5", "Content-Length: 50")]),
        "length and chunks": Attack(
            lambda: [_framed("Content-Length: 5", "Transfer-Encoding: chunked")]
        ),
    }


def _uploads() -> dict[str, Attack]:
    chunked = head("POST", "/listen", "Transfer-Encoding: chunked")
    return {
        "upload without end": Attack(lambda: _endless(chunked)),
        "drips its upload": Attack(lambda: _drip(_claimed(100_000)), DRIP_SECONDS),
        "drips its chunks": Attack(lambda: _drip(chunked, b"1\r\na\r\n"), DRIP_SECONDS),
        "stops half-way": Attack(lambda: [_claimed(100_000), bytes(50_000)]),
        "leaves half-way": Attack(lambda: [_claimed(100_000), bytes(50_000)], leaves=True),
        "claims far too much": Attack(lambda: [_claimed(10**12), bytes(1000)]),
        "claims less than it sends": Attack(lambda: [_claimed(10), bytes(100_000)]),
        "claims a negative length": Attack(lambda: [_claimed(-1), bytes(1000)]),
        "claims no number": Attack(lambda: [_framed("Content-Length: ten")]),
    }


def _bodies() -> dict[str, Attack]:
    deep = b'{"question": ' + b"[" * 60_000 + b"]" * 60_000 + b"}"
    digits = b'{"question": ' + b"9" * 120_000 + b"}"
    keys = b"{" + b",".join(b'"%d": 0' % n for n in range(10_000)) + b"}"
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    form = "Content-Type: multipart/form-data; boundary=x"
    fields = "Content-Type: application/x-www-form-urlencoded"
    return {
        "deep JSON": Attack(lambda: [ask(deep)]),
        "a number of 120,000 digits": Attack(lambda: [ask(digits)]),
        "JSON of 10,000 keys": Attack(lambda: [ask(keys)]),
        "JSON that is none": Attack(lambda: [ask(b"\xff\xfe" + os.urandom(10_000))]),
        "JSON over the cap": Attack(lambda: [ask(b'"' + b"a" * 300_000 + b'"')]),
        "a question without end": Attack(lambda: [ask(b'{"question": "%s"}' % (b"a " * 60_000))]),
        "10,000 parts": Attack(lambda: [post("/listen", part * 10_000 + b"--x--\r\n", form)]),
        "10,000 fields": Attack(lambda: [post("/ask", b"a=1&" * 10_000, fields)]),
        "a boundary that never comes": Attack(
            lambda: [post("/listen", b"--y\r\n" * 100_000, form)]
        ),
    }


def _files() -> dict[str, Attack]:
    def sending(data: bytes) -> Attack:
        request = post("/listen", data, "Content-Type: application/octet-stream")
        return Attack(lambda: [request])

    return {name: sending(data) for name, data in hostile_files().items()}


def head(method: str, path: str, *headers: str) -> bytes:
    """Return the header of a request."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()


def post(path: str, body: bytes, *headers: str) -> bytes:
    """Return a whole request whose length is true."""
    return head("POST", path, f"Content-Length: {len(body)}", "Connection: close", *headers) + body


def ask(body: bytes) -> bytes:
    """Return a whole request for /ask."""
    return post("/ask", body, "Content-Type: application/json")


def _claimed(length: int) -> bytes:
    return _framed(f"Content-Length: {length}")


def _framed(*framing: str) -> bytes:
    return head("POST", "/listen", "Content-Type: audio/wav", *framing)


def _drip(start: bytes, drop: bytes = b"a") -> Iterator[bytes]:
    return itertools.chain([start], itertools.repeat(drop))


def _endless(start: bytes) -> Iterator[bytes]:
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    return itertools.chain([start], itertools.repeat(chunk, ENDLESS_BYTES // len(chunk)))


async def send_all(port: int, count: int, kinds: Mapping[str, Attack]) -> dict[str, Counter[str]]:
    """Send `count` requests, the kinds in turns, AT_ONCE at a time; return what became of each."""
    room = asyncio.Semaphore(AT_ONCE)
    seen: dict[str, Counter[str]] = defaultdict(Counter)

    async def send_one(name: str, attack: Attack) -> None:
        async with room:
            seen[name][await send(port, attack)] += 1

    turns = itertools.islice(itertools.cycle(kinds.items()), count)
    await asyncio.gather(*(send_one(name, attack) for name, attack in turns))
    return seen


async def send(port: int, attack: Attack) -> str:
    """Send one request and return its status, "closed" without one, or "held"."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return "closed"
    try:
        return await asyncio.wait_for(_exchange(reader, writer, attack), HOLD_SECONDS)
    except asyncio.TimeoutError:
        return "held"
    finally:
        writer.transport.abort()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, attack: Attack
) -> str:
    sending = asyncio.ensure_future(_send_pieces(writer, attack))
    try:
        if attack.leaves or not attack.reads:
            await sending
        if attack.leaves:
            return "left"
        if not attack.reads:
            await asyncio.sleep(HOLD_SECONDS / 4)
            return "unread"
        line = await reader.readline()
        await reader.read()
        return line.split()[1].decode() if line else "closed"
    except OSError:
        return "closed"
    finally:
        sending.cancel()
        await asyncio.wait([sending])


async def _send_pieces(writer: asyncio.StreamWriter, attack: Attack) -> None:
    try:
        for piece in attack.pieces():
            writer.write(piece)
            await asyncio.wait_for(writer.drain(), HOLD_SECONDS / 4)
            await asyncio.sleep(attack.pause_seconds)
    except (OSError, asyncio.TimeoutError):
        pass  # it does not want any more


def main() -> None:
    """Send what the command line says."""
    port, count = int(sys.argv[1]), int(sys.argv[2])
    kinds = attacks()
    print("ready", flush=True)
    print(json.dumps(asyncio.run(send_all(port, count, kinds))))


if __name__ == "__main__":
    main()
