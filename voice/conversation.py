"""What one conversation remembers, and the signed token in which it travels with the turn."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from itsdangerous import BadData

from voice.keys import serializer

MAX_TOKEN_CHARS: Final = 1024  # tokens also travel in addresses
MAX_AGE_SECONDS: Final = 24 * 3600
MAX_OFFERED: Final = 3
# What is open besides offered entries.
RELATED: Final = "related"  # the offered are what else there is, not a "did you mean"
GO_ON: Final = "go_on"  # whether to hear more was asked
ANYTHING_ELSE: Final = "anything_else"  # whether there is another question was asked
_MAX_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Conversation:
    """The few fields that the next turn needs."""

    offered: tuple[str, ...] = ()  # keys of the entries to choose from, see `entry_key`
    last: str | None = None  # key of the last answer's entry
    misses: int = 0  # turns in a row that found no answer
    noticed: bool = False  # whether the FAQ's notice was said
    silences: int = 0  # turns in a row in which nothing was said
    page: int = 0  # of the last entry, the page that was said last
    pending: str = ""  # "" or one of the names above
    slow: bool = False  # whether the caller asked for slower speech


def entry_key(entry_id: str) -> str:
    """Return an entry's id as it travels: a long or odd one as its hash, to keep tokens small."""
    data = entry_id.encode("utf-8", "surrogatepass")
    if len(data) <= _MAX_KEY_BYTES and entry_id.isprintable():
        return entry_id
    return "#" + urlsafe_b64encode(blake2b(data, digest_size=9).digest()).decode()


class ConversationTokens:
    """Turn conversations into signed tokens and back; any process with the keys can."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._serializer = serializer(keys, "conversation-2")

    def dump(self, conversation: Conversation) -> str:
        """Return the conversation as a token, URL-safe text."""
        c = conversation
        flags = [int(c.noticed), c.silences, c.page, c.pending, int(c.slow)]
        return str(self._serializer.dumps([list(c.offered), c.last, c.misses, *flags]))

    def load(self, token: str | None) -> Conversation:
        """Return the conversation of a token; a bad, old or oversized token starts afresh."""
        if not token or len(token) > MAX_TOKEN_CHARS:
            return Conversation()
        try:
            return _from_fields(self._serializer.loads(token, max_age=MAX_AGE_SECONDS))
        except (BadData, ValueError, TypeError):
            return Conversation()


def _from_fields(fields: Any) -> Conversation:
    offered, last, misses, noticed, silences, page, pending, slow = fields
    return Conversation(
        tuple(str(key) for key in offered[:MAX_OFFERED]),
        None if last is None else str(last),
        int(misses),
        bool(noticed),
        int(silences),
        int(page),
        str(pending),
        bool(slow),
    )
