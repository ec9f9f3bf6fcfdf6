"""Questions that are understood only together with the one before: "and is that dangerous?"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final, Protocol

from voice.conversation import Conversation
from voice.dialogue.entries import Entries
from voice.dialogue.wordings import Wordings
from voice.types import Match, Turn

MAX_CHARS: Final = 100  # a longer question stands for itself
# How much the turn must add to the score that the question before has by itself: related
# questions are like each other, so that without this whatever is said next would be answered.
MIN_LIFT: Final = 0.05


class Matching(Protocol):
    """How a match is asked for, as in `Matcher.match`."""

    def __call__(
        self, turn: Turn, *, explain: bool = False, among: Collection[str] | None = None
    ) -> Match:
        """Return what the FAQ has for a turn, among the entries with these ids."""


class FollowUps:
    """Match a turn with what is related to the last answer."""

    def __init__(self, match: Matching, entries: Entries, wordings: Wordings) -> None:
        self._match = match
        self._entries = entries
        self._wordings = wordings

    def match(self, turn: Turn, conversation: Conversation, *, explain: bool) -> Match | None:
        """Return what a turn means behind the last question; None when that is nothing, too.

        The last entry itself is left out: its own question in front would always be the best
        match, and its answer has just been heard.
        """
        last = self._entries.get(conversation.last)
        related = self._entries.related(last) if last else []
        if last is None or not related or len(turn.text) > MAX_CHARS:
            return None
        question = self._wordings.normalize(last.question)
        joined = replace(
            turn,
            text=f"{question} {turn.text}",
            hypotheses=tuple(f"{question} {text}" for text in turn.hypotheses),
        )
        found = self._match(joined, explain=explain, among={entry.id for entry in related})
        alone = replace(turn, text=question, hypotheses=())
        lifted = tuple(
            candidate
            for candidate in found.candidates
            if candidate.score - self._match(alone, among={candidate.entry_id}).score >= MIN_LIFT
        )
        if found.status == "unknown" or lifted[:1] != found.candidates[:1]:
            return None
        return found if found.status == "answer" else replace(found, candidates=lifted)
