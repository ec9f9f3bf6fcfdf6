"""Conversations by the id that Home Assistant gives them: a few, for a while."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

MAX_CONVERSATIONS: Final = 256
MAX_ID_CHARS: Final = 200
KEPT_SECONDS: Final = 600.0


class Conversations:
    """Remember the token of each conversation's last reply; used in the event loop only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, str]] = OrderedDict()  # the oldest first

    def token(self, conversation_id: str) -> str | None:
        """Return the token; None for a conversation that is new or was forgotten."""
        self._forget()
        kept = self._kept.get(conversation_id)
        return kept[1] if kept else None

    def keep(self, conversation_id: str, token: str) -> None:
        """Remember a token, for KEPT_SECONDS from now."""
        self._kept[conversation_id] = (self._clock() + KEPT_SECONDS, token)
        self._kept.move_to_end(conversation_id)
        self._forget()

    def _forget(self) -> None:
        now = self._clock()
        while self._kept and (
            len(self._kept) > MAX_CONVERSATIONS or next(iter(self._kept.values()))[0] <= now
        ):
            self._kept.popitem(last=False)
