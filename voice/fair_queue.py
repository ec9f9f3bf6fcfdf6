"""A queue that gives every caller a turn, however much one of them asks for."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


class FairQueue(Generic[_Item]):
    """Give the callers that wait one turn each, round and round; not locked."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[_Item]] = {}  # in the order of their next turn; none is empty

    def __len__(self) -> int:
        """Return how many items wait."""
        return sum(map(len, self._lines.values()))

    def put(self, caller: str, item: _Item) -> None:
        """Add an item behind the others of its caller."""
        self._lines.setdefault(caller, deque()).append(item)

    def pop(self) -> _Item:
        """Take out the oldest item of the caller whose turn it is; raises IndexError when empty."""
        if not self._lines:
            raise IndexError("nobody waits")
        caller = next(iter(self._lines))
        line = self._lines.pop(caller)
        item = line.popleft()
        if line:
            self._lines[caller] = line  # behind the other callers
        return item

    def remove(self, caller: str, item: _Item) -> None:
        """Take out an item that waits no longer; raises LookupError or ValueError without it."""
        line = self._lines[caller]
        line.remove(item)
        if not line:
            del self._lines[caller]

    def make_room(self, caller: str) -> _Item | None:
        """Take out the newest item of the longest line, for a caller with far fewer.

        Returns None when no caller would still have as many as this one after its next item.
        """
        own = len(self._lines.get(caller, ()))
        longest = max(self._lines, key=lambda name: len(self._lines[name]), default=None)
        if longest is None or len(self._lines[longest]) < own + 2:
            return None
        return self._lines[longest].pop()
