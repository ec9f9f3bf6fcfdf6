"""One making of a thing for all who want it at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent import futures
from typing import Generic, TypeVar

from voice.caller import current
from voice.errors import BusyError, ClientGoneError, DeadlineError

_Made = TypeVar("_Made")


class SingleFlight(Generic[_Made]):
    """Let the first caller of a key make it; those who come meanwhile get the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[str, futures.Future[_Made]] = {}

    def run(self, key: str, make: Callable[[float], _Made], seconds: float) -> _Made:
        """Return what `make`, given the seconds that are left, makes for the key.

        Raises what the one who made it raised, DeadlineError when the seconds passed, and
        ClientGoneError when the caller has left. Where the one who made it had less time or left,
        another takes its place.
        """
        caller = current()
        end = time.monotonic() + seconds
        while True:
            left = max(end - time.monotonic(), 0.0)
            mine: futures.Future[_Made] = futures.Future()
            with self._lock:
                flight = self._flights.setdefault(key, mine)
            if flight is mine:
                return self._lead(key, mine, make, left)
            try:
                return caller.wait(flight, left)
            except TimeoutError as error:
                raise DeadlineError(f"it took longer than {seconds:.1f} s") from error
            except ClientGoneError:
                caller.check()  # else the one who made it left
            except (DeadlineError, BusyError):
                if time.monotonic() >= end:
                    raise

    def _lead(
        self, key: str, flight: futures.Future[_Made], make: Callable[[float], _Made], left: float
    ) -> _Made:
        try:
            made = make(left)
        except BaseException as error:
            self._land(key)
            interrupted = BusyError("the work was interrupted; try again")
            flight.set_exception(error if isinstance(error, Exception) else interrupted)
            raise
        self._land(key)
        flight.set_result(made)
        return made

    def _land(self, key: str) -> None:
        with self._lock:
            del self._flights[key]
