"""Work done ahead in one background thread, only while no caller waits."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from voice.errors import BusyError, DeadlineError, InputError

_LOG = logging.getLogger(__name__)
_STOP_SECONDS: Final = 1.0  # a text takes 0.02 s; one that hangs ends with its engine


class Warmer:
    """Call `make` with each text added; callers of `foreground` go first."""

    def __init__(self, make: Callable[[str], object]) -> None:
        self._make = make
        self._changed = threading.Condition()
        self._texts: deque[str] = deque()
        self._callers = 0
        self._thread: threading.Thread | None = None
        self._stopped = False

    @contextmanager
    def foreground(self) -> Iterator[None]:
        """Hold the background thread back; what it has begun it ends."""
        with self._changed:
            self._callers += 1
        try:
            yield
        finally:
            with self._changed:
                self._callers -= 1
                self._changed.notify_all()

    def add(self, texts: Iterable[str]) -> None:
        """Take more texts, after those that are still waiting."""
        with self._changed:
            self._texts.extend(texts)
            if self._thread is None and self._texts and not self._stopped:
                self._thread = threading.Thread(target=self._run, name="warm-speech", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Forget what is waiting and wait for the text that has begun."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            thread = self._thread
        if thread:
            thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        told = ""
        while (text := self._next()) is not None:
            try:
                self._make(text)
            except InputError as error:  # often of this text only
                if error.message != told:
                    _LOG.warning("an answer cannot be spoken: %s", error)
                told = error.message
            except (BusyError, DeadlineError) as error:
                _LOG.warning("an answer is not spoken ahead: %s", error)
            except Exception as error:  # the engine is gone: the next ones would fail as well
                _LOG.warning("answers are not spoken ahead: %s", error)
                with self._changed:
                    self._texts.clear()

    def _next(self) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or not self._callers)
            if self._texts and not self._stopped:
                return self._texts.popleft()
            self._thread = None
            return None
