"""Which of the offered questions was meant by some of its words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from rapidfuzz import fuzz

MIN_PART_CHARS: Final = 4  # a shorter part of a question says too little to choose by
MIN_LIKENESS: Final = 75.0  # 0-100, of what was heard to a part of the question ...
MIN_LEAD: Final = 15.0  # ... and over the next of the offered questions


def chosen_by_words(text: str, questions: Sequence[str], light: Collection[str]) -> int | None:
    """Return the place of the only question that a text names in part, all normalized.

    Letters may be wrong, as a recognizer hears them. Words both have are not compared again: "how
    much is a biscuit" is no part of "how much is a ticket". `light` words ("the", "one",
    "please") count only where the question has them.
    """
    likeness = [_likeness(text, question, light) for question in questions]
    ranked = sorted(likeness, reverse=True)
    best = ranked[0] if ranked else 0.0
    lead = best - ranked[1] if ranked[1:] else best
    return likeness.index(best) if best >= MIN_LIKENESS and lead >= MIN_LEAD else None


def _likeness(text: str, question: str, light: Collection[str]) -> float:
    """Return how like a text is to a part of a question, 0-100."""
    asked = question.split()
    said = [word for word in text.split() if word in asked or word not in light]
    if len(" ".join(said)) < MIN_PART_CHARS:
        return 0.0
    other = " ".join(word for word in said if word not in asked)
    rest = " ".join(word for word in asked if word not in said)
    if not other:
        return 100.0
    return fuzz.partial_ratio(other, rest) if len(other) <= len(rest) else fuzz.ratio(other, rest)
