"""Share the threads: a few requests run, a few wait, the rest is told to come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from voice.errors import BusyError, ClientGoneError
from voice.fair_queue import FairQueue


@dataclass(frozen=True, slots=True)
class LaneOptions:
    """How many requests of one kind may be here, and for how long."""

    threads: int
    waiting: int  # requests that may wait for a thread
    wait_seconds: float  # ... and for how long; less than `answer_seconds`
    answer_seconds: float  # from the body's end on; after it the client is told 503


class Lane:
    """Give out the threads of one kind of request: to each caller in turn."""

    def __init__(self, options: LaneOptions) -> None:
        self.options = options
        self._free = options.threads
        self._queue: FairQueue[asyncio.Future[None]] = FairQueue()

    @asynccontextmanager
    async def thread(self, caller: str, gone: asyncio.Future[Any]) -> AsyncIterator[None]:
        """Hold a thread for a caller; `gone` is done when its client leaves.

        Raises BusyError when too many wait or none gets free in time, ClientGoneError when the
        client leaves while it waits.
        """
        if self._free:
            self._free -= 1
        else:
            await self._wait(caller, gone)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, caller: str, gone: asyncio.Future[Any]) -> None:
        if len(self._queue) >= self.options.waiting:
            self._make_room(caller)
        turn = asyncio.get_running_loop().create_future()
        self._queue.put(caller, turn)
        try:
            await asyncio.wait(
                {turn, gone},
                timeout=self.options.wait_seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # a thread was given to who is not there
                self._pass_on()
            raise
        finally:
            if not turn.done():
                self._queue.remove(caller, turn)
        if turn.cancelled():
            raise _busy()
        if not turn.done():
            raise ClientGoneError if gone.done() else _busy()

    def _make_room(self, caller: str) -> None:
        """Send away the newest request of who has most of the places, if a caller has far fewer."""
        displaced = self._queue.make_room(caller)
        if displaced is None:
            raise _busy()
        displaced.cancel()

    def _pass_on(self) -> None:
        if self._queue:
            self._queue.pop().set_result(None)
        else:
            self._free += 1


def _busy() -> BusyError:
    return BusyError("the server is busy; try again shortly")
