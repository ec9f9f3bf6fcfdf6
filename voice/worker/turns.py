"""Things lent in the order in which they were asked for.

`queue.Queue` lets whoever gives a thing back take it again before the one who waited wakes up: a
caller in a loop then keeps all others waiting for minutes.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Iterable
from typing import Generic, TypeVar

_Lent = TypeVar("_Lent")


class Turns(Generic[_Lent]):
    """A few things that callers take and give back."""

    def __init__(self, things: Iterable[_Lent]) -> None:
        self._lock = threading.Lock()
        self._idle = deque(things)
        self._waiting: deque[queue.Queue[_Lent]] = deque()

    def take(self, seconds: float) -> _Lent:
        """Return a thing, after those who asked before; raises queue.Empty when it takes longer."""
        mine: queue.Queue[_Lent] = queue.Queue(1)
        with self._lock:
            if self._idle:
                return self._idle.popleft()
            self._waiting.append(mine)
        try:
            return mine.get(timeout=max(seconds, 0.0))
        except queue.Empty:
            with self._lock:
                if mine.empty():
                    self._waiting.remove(mine)
                    raise
            return mine.get()  # handed over as the time ran out

    def give(self, thing: _Lent) -> None:
        """Give a thing back, straight to the one who has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().put(thing)
            else:
                self._idle.append(thing)
