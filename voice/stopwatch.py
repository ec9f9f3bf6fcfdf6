"""How long each stage of a turn takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Measure the stages of one turn in milliseconds."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self.stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure one stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.stages[name] = (time.perf_counter() - started) * 1000

    def with_total(self) -> dict[str, float]:
        """Return the stages and the whole so far."""
        return {**self.stages, "total": (time.perf_counter() - self._started) * 1000}
