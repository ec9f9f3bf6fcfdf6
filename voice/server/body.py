"""Read whole request bodies, however slow, big or dishonest the sender is."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Final

from voice.errors import BusyError, ClientGoneError
from voice.server.asgi import Message, Receive
from voice.server.errors import refusal

BODY_SECONDS: Final = 30.0  # a whole body
GRACE_SECONDS: Final = 5.0  # from then on a body must have come at ...
MIN_BYTES_PER_SECOND: Final = 1024  # ... this rate
MEMORY_BYTES: Final = 1 << 20  # a body up to this stays in memory, a bigger one goes to a file
IN_FLIGHT_BYTES: Final = 64 << 20  # of all bodies together
RESERVED_BYTES: Final = 8 << 20  # of these, for the small ones: big uploads do not shut out text
SMALL_BYTES: Final = 256 << 10


@dataclass(slots=True)
class Body:
    """A request body that has come whole, at its start."""

    file: IO[bytes]
    size: int = 0


class BodyReader:
    """Read bodies under one budget of bytes in flight."""

    def __init__(self, in_flight_bytes: int = IN_FLIGHT_BYTES) -> None:
        self._room = in_flight_bytes

    @asynccontextmanager
    async def whole(self, receive: Receive, max_bytes: int) -> AsyncIterator[Body]:
        """Read a body and hold it until the request is answered.

        Raises InputError 413 over `max_bytes` and 408 when it comes too slowly, BusyError when too
        much is in flight, ClientGoneError when the client stopped half-way.
        """
        with tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES) as file:
            body = Body(file)
            try:
                await self._fill(body, receive, max_bytes)
                file.seek(0)
                yield body
            finally:
                self._room += body.size

    async def _fill(self, body: Body, receive: Receive, max_bytes: int) -> None:
        started = time.monotonic()
        more = True
        while more:
            message = await _next(receive, started + _seconds_allowed(body.size))
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            more = message.get("more_body", False)
            self._keep(body, message.get("body", b""), max_bytes)

    def _keep(self, body: Body, data: bytes, max_bytes: int) -> None:
        if body.size + len(data) > max_bytes:
            raise too_large(max_bytes)
        reserved = RESERVED_BYTES if body.size + len(data) > SMALL_BYTES else 0
        if self._room - len(data) < reserved:
            raise BusyError("too many uploads at once; try again shortly")
        self._room -= len(data)
        body.size += len(data)
        try:
            body.file.write(data)
        except OSError as error:
            raise BusyError("there is no room for the upload; try again later") from error


def too_large(max_bytes: int) -> Exception:
    """Return the error that refuses a body over the cap."""
    return refusal(413, "too_large", f"the body is larger than {max_bytes >> 10} KiB")


def _seconds_allowed(size: int) -> float:
    """Return how long after its start a body of which `size` bytes came may take for more."""
    return min(max(GRACE_SECONDS, size / MIN_BYTES_PER_SECOND), BODY_SECONDS)


async def _next(receive: Receive, deadline: float) -> Message:
    try:
        return await asyncio.wait_for(receive(), deadline - time.monotonic())
    except asyncio.TimeoutError:
        raise refusal(408, "timeout", "the body came too slowly") from None
