"""A bounded number of threads for calls that nobody can interrupt.

A thread cannot be killed as a child can. A call that goes on past its deadline is therefore
abandoned: its caller goes away, and its slot stays taken, and soon counts as lost, until the call
returns by itself.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent import futures
from contextlib import suppress
from contextvars import copy_context
from typing import Final, TypeVar

from voice.errors import BusyError, DeadlineError, EngineError
from voice.worker.turns import Turns

_Result = TypeVar("_Result")
_NICENESS: Final = 10  # as the children have
# A call that is only slow looks at its deadline itself and is back by then.
_GRACE_SECONDS: Final = 2.0


class Slots:
    """Lend a few slots to calls; safe to share between threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._free = Turns(range(size))
        self._ends: dict[int, float] = {}  # of the calls that run: slot to deadline (monotonic)

    def run(self, work: Callable[[], _Result], seconds: float) -> _Result:
        """Return what `work` returns, made in a thread of its own, for the current caller.

        Raises what it raises; BusyError when no slot is free in so many seconds or all are lost,
        DeadlineError when the call takes longer, ClientGoneError when the caller leaves before it
        begins.
        """
        if not self.ready():  # who waits would hold a thread that others can use
            raise BusyError("nothing can be heard now: the recognizer hangs; try again later")
        end = time.monotonic() + seconds
        try:
            slot = self._free.take(seconds)
        except TimeoutError:
            raise BusyError("too much is heard at once; try again shortly") from None
        made: futures.Future[_Result] = futures.Future()
        self._ends[slot] = end
        call = threading.Thread(
            target=copy_context().run, args=(self._call, slot, work, made), daemon=True
        )
        try:
            call.start()
        except RuntimeError as error:
            self._give_back(slot)
            raise EngineError(f"no thread can be started ({error})") from error
        try:
            return made.result(end - time.monotonic())
        except futures.TimeoutError:
            raise DeadlineError("recognizing took longer than its deadline") from None

    def ready(self) -> bool:
        """Return whether a slot is left: free, or with a call that may still return."""
        lost_before = time.monotonic() - _GRACE_SECONDS
        return sum(end < lost_before for end in tuple(self._ends.values())) < self._size

    def _call(self, slot: int, work: Callable[[], _Result], made: futures.Future[_Result]) -> None:
        _step_back()
        try:
            result = work()
        except BaseException as error:
            self._give_back(slot)
            made.set_exception(error)
        else:
            self._give_back(slot)
            made.set_result(result)

    def _give_back(self, slot: int) -> None:
        del self._ends[slot]
        self._free.give(slot)


def _step_back() -> None:
    """Let other threads go first, so that answers in text do not wait; on Linux alone it can be."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
