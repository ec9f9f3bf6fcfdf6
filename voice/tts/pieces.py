"""Text cut into pieces that an engine speaks one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# pyttsx3 copies all of a run's audio for every second it adds: 20,000 characters in one run take
# 25 s, in runs of this length 2 s.
PIECE_CHARACTERS: Final = 1000
_STOPS: Final = (  # where to cut, best first; the cut is after the match
    re.compile(r"[.!?…]['\")\]]{0,3}\s|[。！？\n]"),
    re.compile(r"[,;:]\s|[，；、]"),
    re.compile(r"\s"),
)
_UNSAYABLE: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]+")


def pieces(text: str, limit: int = PIECE_CHARACTERS) -> Iterator[str]:
    """Yield the text in pieces of at most `limit` characters, cut at the best place there is.

    Control characters and lone surrogates, which no engine takes, become spaces.
    """
    rest = _UNSAYABLE.sub(" ", text).strip()
    while len(rest) > limit:
        cut = _cut(rest, limit)
        piece, rest = rest[:cut].strip(), rest[cut:].strip()
        if piece:
            yield piece
    if rest:
        yield rest


def _cut(text: str, limit: int) -> int:
    for stop in _STOPS:
        ends = [found.end() for found in stop.finditer(text, 0, limit)]
        if ends:
            return ends[-1]
    return limit
