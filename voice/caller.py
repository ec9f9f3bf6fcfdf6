"""Who waits for the work that is done now: whose turn it is, and whether anybody still waits.

The caller is carried in a context variable, so that no function along the line has to hand it on. A
thread that is started on the way runs in a copy of the context (`contextvars.copy_context`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from voice.errors import ClientGoneError

_Result = TypeVar("_Result")


class Caller:
    """One request of somebody; `name` tells callers apart and says nothing else about them."""

    def __init__(self, name: str, asked_at: float | None = None) -> None:
        """`asked_at` (monotonic): when the request had come whole, if deadlines count from then."""
        self.name = name
        self._asked_at = asked_at
        self._gone: futures.Future[None] = futures.Future()

    @property
    def is_gone(self) -> bool:
        """Return whether nobody waits any more."""
        return self._gone.done()

    def leave(self) -> None:
        """Note that nobody waits any more, and wake up what waits for this caller."""
        if not self._gone.done():
            self._gone.set_result(None)

    def check(self) -> None:
        """Raise ClientGoneError when nobody waits any more."""
        if self.is_gone:
            raise ClientGoneError

    def wait(self, future: futures.Future[_Result], seconds: float) -> _Result:
        """Return a future's result.

        Raises TimeoutError when the seconds pass, ClientGoneError when the caller leaves first.
        """
        both: list[futures.Future[Any]] = [future, self._gone]
        futures.wait(both, max(seconds, 0.0), futures.FIRST_COMPLETED)
        if future.done():
            return future.result()
        self.check()
        raise TimeoutError

    def seconds_left(self, seconds: float) -> float:
        """Return what is left now of so many seconds for the whole request."""
        return seconds if self._asked_at is None else seconds - (time.monotonic() - self._asked_at)


# Whoever sits at this machine: the command line, the microphone, what runs in the background.
_LOCAL: Final = Caller("local")
_CURRENT: ContextVar[Caller] = ContextVar("caller", default=_LOCAL)


def current() -> Caller:
    """Return the caller that this thread works for."""
    return _CURRENT.get()


@contextmanager
def as_caller(caller: Caller) -> Iterator[None]:
    """Work for a caller."""
    token = _CURRENT.set(caller)
    try:
        yield
    finally:
        _CURRENT.reset(token)
