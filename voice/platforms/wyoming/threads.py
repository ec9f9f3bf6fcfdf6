"""Threads for what takes its time, so that the event loop always answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, TypeVar

from voice.errors import BusyError, DeadlineError

WAITING_EACH: Final = 4  # calls that may wait for each thread

_Result = TypeVar("_Result")


class Threads:
    """A few threads for one kind of call; used in the event loop only."""

    def __init__(self, count: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)
        self._free = count * (1 + WAITING_EACH)

    async def run(self, seconds: float, call: Callable[..., _Result], /, *args: Any) -> _Result:
        """Return what the call returns; raises BusyError, DeadlineError and what it raises."""
        if not self._free:
            raise BusyError("the server is busy; try again shortly")
        self._free -= 1
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._pool, partial(call, *args))
        running.add_done_callback(self._ended)
        try:
            # A thread cannot be stopped: what it still finds is dropped, and its place kept.
            return await asyncio.wait_for(asyncio.shield(running), seconds)
        except asyncio.TimeoutError:
            raise DeadlineError(f"no answer within {seconds:.1f} s") from None

    def close(self) -> None:
        """Take no more calls."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ended(self, running: asyncio.Future[Any]) -> None:
        self._free += 1
        if not running.cancelled():
            running.exception()  # looked at, also when nobody waits any more
