"""The entries of the FAQ that can be told today, by the keys that conversations hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from voice.conversation import MAX_OFFERED, entry_key
from voice.faq import Faq, FaqEntry

MAX_CHOICES: Final = MAX_OFFERED  # more cannot be held by ear


class Entries:
    """Find entries; one that is gone, or not valid today, is as if it had never been."""

    def __init__(self, faq: Faq) -> None:
        self._entries = {entry_key(entry.id): entry for entry in faq.entries}

    def get(self, key: str | None) -> FaqEntry | None:
        """Return the entry of that key."""
        entry = self._entries.get(key or "")
        return entry if entry and entry.is_valid_on(date.today()) else None

    def of(self, keys: Iterable[str]) -> list[FaqEntry]:
        """Return the entries of these keys, in their order."""
        return [entry for entry in map(self.get, keys) if entry is not None]

    def related(self, entry: FaqEntry) -> list[FaqEntry]:
        """Return the entries that an entry names as belonging to it."""
        ids = dict.fromkeys(each for each in entry.related if each != entry.id)
        return self.of(map(entry_key, ids))
