"""Events on the wire: a line of JSON, then a block of JSON and a payload as long as it says.

The library's own reader believes any length; here every part has a cap and a deadline, and what is
no event raises InputError.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, Final, TypeVar

from wyoming.event import Event

from voice.errors import InputError
from voice.strict_json import MAX_BYTES, parse_object

MAX_HEADER_BYTES: Final = 64 << 10
MAX_DATA_BYTES: Final = MAX_BYTES  # a megabyte of empty lists would hold the loop for a second
MAX_PAYLOAD_BYTES: Final = 1 << 20
MAX_CONNECTION_BYTES: Final = 64 << 20  # of all its events
MAX_TYPE_CHARS: Final = 64
IDLE_SECONDS: Final = 60.0  # until the next header is there, whole
BODY_SECONDS: Final = 30.0  # for what follows a header

_Read = TypeVar("_Read")


class EventReader:
    """Read the events of one connection; the reader's own limit is MAX_HEADER_BYTES."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._left = MAX_CONNECTION_BYTES

    async def read(self) -> Event | None:
        """Return the next event, None when the other side is gone or silent for too long.

        Raises InputError for what is no event or too large.
        """
        try:
            line = await asyncio.wait_for(self._reader.readuntil(b"\n"), IDLE_SECONDS)
        except asyncio.LimitOverrunError:
            raise _too_large("header", MAX_HEADER_BYTES) from None
        except (asyncio.IncompleteReadError, asyncio.TimeoutError):
            return None
        header = parse_object(line, MAX_HEADER_BYTES)
        data_bytes = _length(header, "data_length", MAX_DATA_BYTES)
        payload_bytes = _length(header, "payload_length", MAX_PAYLOAD_BYTES)
        self._left -= len(line) + data_bytes + payload_bytes
        if self._left < 0:
            raise _too_large("connection", MAX_CONNECTION_BYTES)
        try:
            block = await _soon(self._reader.readexactly(data_bytes + payload_bytes))
        except (asyncio.IncompleteReadError, asyncio.TimeoutError):
            return None
        return _event(header, block[:data_bytes], block[data_bytes:])

    async def discard(self) -> None:
        """Take what is still sent: cut off at once, the other side would lose our last event."""
        while await self._reader.read(MAX_HEADER_BYTES):
            await asyncio.sleep(0)  # lets deadlines in


async def _soon(read: Awaitable[_Read]) -> _Read:
    return await asyncio.wait_for(read, BODY_SECONDS)


def _event(header: dict[str, Any], block: bytes, payload: bytes) -> Event:
    """Return the event; what is in the block of data wins over what the header holds."""
    kind = header.get("type")
    if not isinstance(kind, str) or not 0 < len(kind) <= MAX_TYPE_CHARS:
        raise InputError("an event needs a type")
    data = header.get("data")
    if not isinstance(data, dict | None):
        raise InputError("an event's data must be a JSON object")
    more = parse_object(block) if block else {}
    return Event(kind, {**(data or {}), **more}, payload or None)


def _length(header: dict[str, Any], name: str, most: int) -> int:
    length = header.get(name)
    if length is None:
        return 0
    if type(length) is not int or length < 0:
        raise InputError(f"{name} must be a whole number")
    if length > most:
        raise _too_large(name, most)
    return length


def _too_large(what: str, most: int) -> InputError:
    return InputError(f"{what} over {most >> 10} KiB", code="too_large", http_status=413)
