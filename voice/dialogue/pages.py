"""Long texts in pages that the ear can hold, cut where a speaker would breathe."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

_SENTENCE: Final = re.compile(
    r"[.!?…؟।][\"'”’»)\]]{0,3}(?=\s)|[。！？][\"'”’»」』）)\]]{0,3}|(?=\n)"
)
_CLAUSE: Final = re.compile(r"[,;:–—،](?=\s)|[，；、]")
_WORD: Final = re.compile(r"\S(?=\s)")
_NO_END: Final = re.compile(r"\d\.|[^\W\d_]\.")  # "am 3. Mai", "J. Smith"
_LOOK_AHEAD: Final = 20  # characters past the limit that may tell whether a sentence ends


def cut_pages(text: str, limit: int | None, abbreviations: Collection[str] = ()) -> list[str]:
    """Return a text in pages of at most `limit` characters, all of it in one without a limit.

    A page ends with a sentence; one that is too long for a page is cut behind a clause, else
    between words. The full stop of an abbreviation (given in lower case, with it) ends nothing.
    """
    pages: list[str] = []
    rest = text.strip()
    while limit is not None and len(rest) > limit:
        cut = _cut(rest[: limit + _LOOK_AHEAD], limit, abbreviations)
        pages.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pages, rest] if rest else pages


def _cut(text: str, limit: int, abbreviations: Collection[str]) -> int:
    """Return where the page that a text begins with ends, 1 to `limit`."""
    for pattern in (_SENTENCE, _CLAUSE, _WORD):
        ends = [found.end() for found in pattern.finditer(text) if 0 < found.end() <= limit]
        if pattern is _SENTENCE:
            ends = [end for end in ends if _is_end(text, end, abbreviations)]
        if ends:
            return ends[-1]
    return limit


def _is_end(text: str, end: int, abbreviations: Collection[str]) -> bool:
    """Return whether a sentence ends there, and not only an abbreviation or a number."""
    words = text[:end].split()
    word = words[-1].lstrip("(\"'“„«") if words else ""
    if word.lower() in abbreviations or _NO_END.fullmatch(word):
        return False
    return not text[end:].lstrip()[:1].islower()
