"""Things lent to one caller after the other, and to each in the order in which it asked.

`queue.Queue` lets whoever gives a thing back take it again before the one who waited wakes up: a
caller in a loop then keeps all others waiting for minutes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Generic, TypeVar

from voice.caller import current
from voice.errors import ClientGoneError
from voice.fair_queue import FairQueue

_Lent = TypeVar("_Lent")


class Turns(Generic[_Lent]):
    """A few things that callers take and give back; who waits is known by `caller.current`."""

    def __init__(self, things: Iterable[_Lent]) -> None:
        self._lock = threading.Lock()
        self._idle = list(things)
        self._waiting: FairQueue[Future[_Lent]] = FairQueue()

    def take(self, seconds: float) -> _Lent:
        """Return a thing: the one given back last, whose memory is warm.

        Raises TimeoutError when it takes longer, ClientGoneError when the caller has left.
        """
        caller = current()
        caller.check()
        mine: Future[_Lent] = Future()
        with self._lock:
            if self._idle:
                return self._idle.pop()
            self._waiting.put(caller.name, mine)
        try:
            return caller.wait(mine, seconds)
        except (TimeoutError, ClientGoneError):
            with self._lock:
                if not mine.done():
                    self._waiting.remove(caller.name, mine)
                    raise
            return mine.result()  # handed over at that moment

    def give(self, thing: _Lent) -> None:
        """Give a thing back, straight to the one whose turn it is."""
        with self._lock:
            if self._waiting:
                self._waiting.pop().set_result(thing)
            else:
                self._idle.append(thing)
