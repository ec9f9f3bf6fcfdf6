"""The parts of a long text that are matched."""

from __future__ import annotations

import re
from typing import Final

MAX_CHARS: Final = 500  # of a part; longer questions are matched on their two ends
_SENTENCE_END: Final = re.compile(r"[.!?…](?=\s)|[。！？।]|\n")
_QUESTION: Final = re.compile(r"[^.!?…。！？।\n]+[?？]")


def windows(text: str) -> tuple[str, ...]:
    """Return what of a text is matched: all of a short one, its two ends else.

    The end begins where a sentence does. The last sentence with a question mark stands also
    alone, since people tell their story around it.
    """
    text = text.strip()
    if len(text) <= MAX_CHARS:
        parts = [text]
    else:
        tail = text[-MAX_CHARS:]
        cut = _SENTENCE_END.search(tail, 0, MAX_CHARS - 1)
        parts = [tail[cut.end() :] if cut else tail, text[:MAX_CHARS]]
    questions = [asked[-1] for asked in map(_QUESTION.findall, parts) if asked]
    return tuple(dict.fromkeys(part.strip() for part in (*parts, *questions)))
