"""Share the threads: a few turns run, a few wait, the rest is told to come back."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from voice.errors import BusyError
from voice.server.asgi import ClientGoneError, Receive


@dataclass(frozen=True, slots=True)
class LaneOptions:
    """How many requests of one kind may be here, and for how long."""

    threads: int
    waiting: int  # requests that may wait for a thread
    wait_seconds: float  # ... and for how long; less than `answer_seconds`
    answer_seconds: float  # from the body's end on; after it the client is told 503


class Lane:
    """Give out the threads of one kind of request, first come first served."""

    def __init__(self, options: LaneOptions) -> None:
        self.options = options
        self._free = options.threads
        self._queue: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def thread(self, receive: Receive) -> AsyncIterator[None]:
        """Hold a thread.

        Raises BusyError when too many wait or none gets free in time, ClientGoneError when the
        client leaves while it waits.
        """
        if self._free:
            self._free -= 1
        else:
            await self._wait(receive)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, receive: Receive) -> None:
        if len(self._queue) >= self.options.waiting:
            raise _busy()
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        gone = asyncio.ensure_future(receive())  # the body is read: only a farewell can come
        try:
            await asyncio.wait(
                {turn, gone},
                timeout=self.options.wait_seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
        except asyncio.CancelledError:
            if turn.done():  # a thread was given to who is no longer there
                self._pass_on()
            raise
        finally:
            gone.cancel()
            if not turn.done():
                self._queue.remove(turn)
        if not turn.done():
            raise ClientGoneError if gone.done() else _busy()

    def _pass_on(self) -> None:
        if self._queue:
            self._queue.popleft().set_result(None)
        else:
            self._free += 1


def _busy() -> BusyError:
    return BusyError("the server is busy; try again shortly")
