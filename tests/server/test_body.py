"""The budget that all bodies in flight share."""

from __future__ import annotations

import asyncio

import pytest

from voice.errors import BusyError, ClientGoneError, InputError
from voice.server.body import RESERVED_BYTES, SMALL_BYTES, BodyReader

MEGABYTE = 1 << 20


def sender(size: int, piece: int = 64 << 10, *, leaves: bool = False):
    """Return the receiving end of a client that sends so many bytes."""
    sizes = [piece] * (size // piece) + [size % piece]

    async def receive():
        if not sizes and leaves:
            return {"type": "http.disconnect"}
        data = b"a" * sizes.pop(0)
        return {"type": "http.request", "body": data, "more_body": bool(sizes) or leaves}

    return receive


async def read(reader: BodyReader, size: int, **sent) -> int:
    async with reader.whole(sender(size, **sent), 25 * MEGABYTE) as body:
        return len(body.file.read())


def test_what_was_answered_makes_room():
    reader = BodyReader(10 * MEGABYTE)

    async def run():
        for size in [MEGABYTE] * 30:
            assert await read(reader, size) == size
            with pytest.raises(ClientGoneError):
                await read(reader, size, leaves=True)
            with pytest.raises(InputError):
                await read(reader, 26 * MEGABYTE, piece=26 * MEGABYTE)

    asyncio.run(run())


def test_more_than_the_budget_is_busy():
    reader = BodyReader(RESERVED_BYTES + 10 * MEGABYTE)

    async def run():
        async with reader.whole(sender(6 * MEGABYTE), 25 * MEGABYTE):
            with pytest.raises(BusyError):
                await read(reader, 6 * MEGABYTE)
            assert await read(reader, 3 * MEGABYTE) == 3 * MEGABYTE
        assert await read(reader, 6 * MEGABYTE) == 6 * MEGABYTE

    asyncio.run(run())


def test_big_bodies_leave_room_for_small_ones():
    reader = BodyReader(RESERVED_BYTES + MEGABYTE)

    async def run():
        async with reader.whole(sender(MEGABYTE), 25 * MEGABYTE):
            with pytest.raises(BusyError):
                await read(reader, SMALL_BYTES + 1)
            assert await read(reader, SMALL_BYTES) == SMALL_BYTES

    asyncio.run(run())


def test_even_small_ones_have_an_end():
    reader = BodyReader(SMALL_BYTES)

    async def run():
        async with reader.whole(sender(SMALL_BYTES), SMALL_BYTES):
            with pytest.raises(BusyError):
                await read(reader, 1)

    asyncio.run(run())
