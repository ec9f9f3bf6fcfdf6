"""From scored entries to one answer, a question back, or neither: right or silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

MAX_ASKED: Final = 3  # entries to ask about at once; more cannot be held by ear
# From this share of min_score on, what is not answered is asked back ("did you mean") ...
ASK_SHARE: Final = 0.75
# ... together with the entries that are at most this far behind.
ASK_SPREAD: Final = 0.1
_TIE: Final = 1e-9  # a lead that is none


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """When a match is an answer; both 0-1."""

    min_score: float = 0.62
    min_margin: float = 0.07  # the lead over the next entry


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that was considered, by its best phrase."""

    entry: int  # place in PhraseIndex.entries
    score: float  # 0-1
    phrase: str  # folded
    text: str  # the normalized text it was compared with
    exact: bool = False  # the turn is worded as in the FAQ
    urgent: bool = False
    lone: bool = False  # a single word, which says too little to be sure
    signals: Mapping[str, float] | None = None  # told when asked to explain


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, why, and with which entries: those to ask about, or all considered."""

    status: Literal["answer", "clarify", "unknown"]
    reason: str
    found: Sequence[Found]


def decide(found: Sequence[Found], options: MatchOptions) -> Decision:
    """Return what to do with the entries considered, best first.

    A wording of the FAQ is always answered, another single word never. Then an urgent entry with
    enough score is; urgent entries are never asked about. Then the best entry, unless others are
    too close behind.
    """
    exact = [each for each in found if each.exact]
    if len(exact) == 1:
        return Decision("answer", "worded as in the FAQ", _first(exact[0], found))
    if exact:
        return Decision("clarify", "several entries have this wording", exact[:MAX_ASKED])
    sure = [each for each in found if each.score >= options.min_score and not each.lone]
    urgent = next((each for each in sure if each.urgent), None)
    if urgent is not None:
        return Decision("answer", "urgent, with enough score", _first(urgent, found))
    if sure:
        close = _behind(sure[0], found, options.min_margin)
        if len(close) == 1:
            return Decision("answer", "enough score and lead", _first(sure[0], found))
        return Decision("clarify", "enough score, but others are too close", close)
    likely = [each for each in found if each.score >= ASK_SHARE * options.min_score]
    near = [each for each in likely if not each.urgent]
    if near:
        return Decision("clarify", "nearly enough score", _behind(near[0], near, ASK_SPREAD))
    return Decision("unknown", "too little score", found)


def _first(best: Found, found: Sequence[Found]) -> list[Found]:
    return [best, *(each for each in found if each is not best)]


def _behind(best: Found, found: Sequence[Found], margin: float) -> list[Found]:
    """Return the best and those less than `margin` behind it, at most as many as are asked."""
    near = [each for each in found if best.score - each.score < max(margin, _TIE)]
    return [each for each in near if each is best or not each.urgent][:MAX_ASKED]
