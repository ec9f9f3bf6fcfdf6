"""Text as platforms take it: no character that XML cannot hold, no byte over their limits."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Final

_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML
_SENTENCE_END: Final = re.compile(r"[.!?…؟।][\"'”’»)\]]*(?=\s)|[。！？]")


def legal(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _ILLEGAL.sub("", text)


def fit(text: str, max_bytes: int) -> str:
    """Return legal text whose JSON is no larger, cut at the end of a sentence if it is too long.

    Where no sentence ends, it is cut between words; where there are none, anywhere.
    """
    text = legal(text)
    if size(text) <= max_bytes:
        return text
    most = bisect_right(range(len(text)), max_bytes, key=lambda chars: size(text[:chars])) - 1
    ends = [end for found in _SENTENCE_END.finditer(text) if (end := found.end()) <= most]
    return text[: ends[-1]] if ends else text[:most].rpartition(" ")[0] or text[:most]


def size(text: str) -> int:
    """Return how many bytes a text takes in JSON, without its quotation marks."""
    return len(json.dumps(text, ensure_ascii=False).encode()) - len('""')
