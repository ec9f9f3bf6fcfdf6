"""The ids by which the values of the skill's slot name entries."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from voice.faq import Faq

_PLAIN: Final = re.compile(r"[A-Za-z0-9_-]+")


def slot_id(entry_id: str) -> str:
    """Return the id of an entry's slot value: the entry's own where it is of plain characters."""
    if _PLAIN.fullmatch(entry_id):
        return entry_id
    return f"entry_{hashlib.sha256(entry_id.encode()).hexdigest()[:16]}"


def entries_by_slot_id(faq: Faq) -> Mapping[str, str]:
    """Return the ids of entries by those of their slot values."""
    return {slot_id(entry.id): entry.id for entry in faq.entries}
