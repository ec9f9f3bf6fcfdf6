"""Ids for entries that have none: a slug of the question, the same wherever the entry stands."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

MAX_SLUG: Final = 80  # characters; with its mark an id stays below 100
_MARK: Final = 6  # hex digits


def slug(question: str) -> str:
    """Return letters, marks and digits of a question, its words joined by hyphens.

    A slug that is cut, or that nothing is left for, ends in a mark of the whole question.
    """
    text = unicodedata.normalize("NFKC", question).casefold()
    kept = "".join(
        char if unicodedata.category(char)[0] in "LMN" else "" if char in "'’" else " "
        for char in text
    )
    whole = "-".join(kept.split())
    if 0 < len(whole) <= MAX_SLUG:
        return whole
    cut = whole[: MAX_SLUG + 1].rpartition("-")[0] or whole[:MAX_SLUG] or "question"
    return f"{cut}-{_mark(question)}"


def with_ids(entries: Sequence[Any]) -> list[Any]:
    """Return raw entries, each that is a mapping with a question and no id now with one.

    Questions that share a slug, or whose slug is another entry's own id, all get a mark, so that
    the order of the entries changes no id.
    """
    given = Counter(entry["id"] for entry in entries if _is_text(entry, "id"))
    derived = [
        slug(entry["question"]) if _is_text(entry, "question") and entry.get("id") is None else None
        for entry in entries
    ]
    taken = given + Counter(name for name in derived if name is not None)
    return [
        entry if name is None else {**entry, "id": _unique(name, entry["question"], taken)}
        for entry, name in zip(entries, derived, strict=True)
    ]


def _unique(name: str, question: str, taken: Counter[str]) -> str:
    return name if taken[name] == 1 else f"{name}-{_mark(question)}"


def _is_text(entry: Any, key: str) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get(key), str)


def _mark(question: str) -> str:
    return hashlib.sha256(question.encode("utf-8", "replace")).hexdigest()[:_MARK]
