"""Whatever bytes come, the reader gives events, InputError or the end."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wyoming.event import Event, async_read_event

from voice.errors import InputError
from voice.platforms.wyoming import frames
from voice.platforms.wyoming.frames import MAX_HEADER_BYTES, EventReader

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def read_events(data: bytes) -> list[Event]:
    """Return the events in the bytes; the other side hangs up after them."""

    async def read() -> list[Event]:
        stream = asyncio.StreamReader(limit=MAX_HEADER_BYTES)
        stream.feed_data(data)
        stream.feed_eof()
        reader = EventReader(stream)
        found = []
        while (event := await reader.read()) is not None:
            found.append(event)
        return found

    return asyncio.run(read())


def line(**header: object) -> bytes:
    return json.dumps(header).encode() + b"\n"


@given(st.binary(max_size=2000))
def test_any_bytes(data: bytes) -> None:
    check(data)


@given(st.lists(JSON, max_size=4), st.binary(max_size=200))
def test_any_lines_of_json(values: list[object], rest: bytes) -> None:
    check(b"".join(json.dumps(value).encode() + b"\n" for value in values) + rest)


@given(
    st.fixed_dictionaries(
        {},
        optional={"type": JSON, "data": JSON, "data_length": JSON, "payload_length": JSON},
    ),
    st.binary(max_size=200),
)
def test_any_fields(header: dict[str, object], rest: bytes) -> None:
    check(json.dumps(header).encode() + b"\n" + rest)


def check(data: bytes) -> None:
    try:
        events = read_events(data)
    except InputError:
        return
    for event in events:
        assert isinstance(event.type, str)
        assert isinstance(event.data, dict)


@given(
    st.text(min_size=1, max_size=20),
    st.dictionaries(st.text(), st.text() | st.integers(-(2**53), 2**53)),
    st.binary(max_size=5000),
)
def test_reads_what_the_library_reads(kind: str, data: dict[str, object], payload: bytes) -> None:
    block = json.dumps(data).encode()
    sent = line(type=kind, data_length=len(block), payload_length=len(payload)) + block + payload

    async def library() -> Event | None:
        stream = asyncio.StreamReader()
        stream.feed_data(sent)
        stream.feed_eof()
        return await async_read_event(stream)

    theirs = asyncio.run(library())
    assert theirs is not None
    theirs.payload = theirs.payload or None
    assert read_events(sent * 2) == [theirs] * 2


def test_data_comes_in_the_header_in_the_block_or_in_both() -> None:
    block = b'{"b": 2, "c": 3}'
    header = line(type="x", data={"a": 1, "b": 1}, data_length=len(block))
    assert read_events(header + block) == [Event("x", {"a": 1, "b": 2, "c": 3})]


REFUSED = {
    "no JSON": b"GET / HTTP/1.1\r\n\r\n",
    "an empty line": b"\n",
    "a list": b"[]\n",
    "nothing": b"null\n",
    "no type": line(data={}),
    "a type that is none": line(type=7),
    "an empty type": line(type=""),
    "a long type": line(type="x" * 65),
    "data that is a list": line(type="x", data=[]),
    "a length in letters": line(type="x", data_length="7"),
    "a length that is true": line(type="x", data_length=True),
    "a broken length": line(type="x", payload_length=1.5),
    "a length below nothing": line(type="x", payload_length=-1),
    "a terabyte": line(type="x", payload_length=10**12),
    "too much data": line(type="x", data_length=(128 << 10) + 1),
    "a header without end": b"x" * (2 * MAX_HEADER_BYTES),
    "a long header": line(type="x", data={"a": "x" * MAX_HEADER_BYTES}),
    "data that is no JSON": line(type="x", data_length=3) + b"abc",
    "data that is no object": line(type="x", data_length=2) + b"[]",
    "deep data": line(type="x", data_length=2000) + b'{"a":' * 300 + b"1" * 200 + b"}" * 300,
    "deep lists": b"[" * 60_000 + b"\n",
    "not UTF-8": b'{"type": "\xff"}\n',
    "no number": b'{"type": "x", "data": {"a": NaN}}\n',
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_is_no_event_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        read_events(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'{"type": "x"',
        line(type="x", data_length=9) + b"{}",
        line(type="x", payload_length=9) + b"ab",
    ],
)
def test_what_stops_half_way_is_the_end(data: bytes) -> None:
    assert read_events(data) == []


def test_one_connection_brings_only_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MAX_CONNECTION_BYTES", 1000)
    event = line(type="x", payload_length=300) + bytes(300)
    assert len(read_events(event * 2)) == 2
    with pytest.raises(InputError, match="connection over"):
        read_events(event * 4)


@pytest.mark.parametrize("data", [b"", b'{"type"', line(type="x", payload_length=9) + b"ab"])
def test_who_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(frames, "IDLE_SECONDS", 0.1)
    monkeypatch.setattr(frames, "BODY_SECONDS", 0.1)

    async def read() -> Event | None:
        stream = asyncio.StreamReader()
        stream.feed_data(data)
        return await asyncio.wait_for(EventReader(stream).read(), 30)

    assert asyncio.run(read()) is None
