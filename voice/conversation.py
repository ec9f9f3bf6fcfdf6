"""What one conversation remembers, and the signed token in which it travels with the turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from itsdangerous import BadData, URLSafeTimedSerializer

MAX_TOKEN_CHARS: Final = 4096
MAX_AGE_SECONDS: Final = 24 * 3600
MAX_OFFERED: Final = 5


@dataclass(frozen=True, slots=True)
class Conversation:
    """The few fields that the next turn needs."""

    offered: tuple[str, ...] = ()  # entry ids of the open "did you mean"
    last: str | None = None  # entry id of the last answer
    misses: int = 0  # turns in a row that found no answer
    noticed: bool = False  # whether the FAQ's notice was said


class ConversationTokens:
    """Turn conversations into signed tokens and back; any process with the keys can."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        # itsdangerous signs with the last key; our setting says that the first one signs.
        self._serializer = URLSafeTimedSerializer(list(reversed(keys)), salt="conversation-1")

    def dump(self, conversation: Conversation) -> str:
        """Return the conversation as a token, URL-safe text."""
        c = conversation
        return str(self._serializer.dumps([list(c.offered), c.last, c.misses, int(c.noticed)]))

    def load(self, token: str | None) -> Conversation:
        """Return the conversation of a token; a bad, old or oversized token starts afresh."""
        if not token or len(token) > MAX_TOKEN_CHARS:
            return Conversation()
        try:
            return _from_fields(self._serializer.loads(token, max_age=MAX_AGE_SECONDS))
        except (BadData, ValueError, TypeError):
            return Conversation()


def _from_fields(fields: Any) -> Conversation:
    offered, last, misses, noticed = fields
    return Conversation(
        tuple(str(entry_id) for entry_id in offered[:MAX_OFFERED]),
        None if last is None else str(last),
        int(misses),
        bool(noticed),
    )
