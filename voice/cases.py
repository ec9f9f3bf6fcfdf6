"""Ask an FAQ its own cases: what people say, and the entry that it must reach."""

from __future__ import annotations

from collections.abc import Iterator

from voice.faq import Faq
from voice.faq.model import UNKNOWN
from voice.matching.matcher import Matcher, MatchOptions
from voice.settings import Settings
from voice.types import Match, Turn


def failing_cases(faq: Faq, settings: Settings) -> Iterator[str]:
    """Yield a line for each case that is not answered as it must be.

    An entry that is only asked about is not reached; "unknown" holds when nothing is answered.
    """
    matcher = Matcher(faq, MatchOptions(settings.min_score, settings.min_margin))
    for case in faq.cases:
        match = matcher.match(Turn(case.say))
        if _reached(match) != case.expect:
            yield f"{case.say!r} must reach {case.expect}, but {_what_happens(match)}"


def _reached(match: Match) -> str:
    return match.candidates[0].entry_id if match.status == "answer" else UNKNOWN


def _what_happens(match: Match) -> str:
    names = " or ".join(candidate.entry_id for candidate in match.candidates[:3])
    if match.status == "answer":
        return f"{match.candidates[0].entry_id} answers (score {match.score:.2f})"
    return f"it is asked back: {names}" if match.status == "clarify" else "it is not known"
