"""Which entry answers a turn, which ones to ask about, or none."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final

import numpy as np

from voice.matching.decision import Decision, Found, MatchOptions, decide
from voice.matching.normalize import fold, normalize
from voice.matching.phrase_index import PhraseIndex
from voice.matching.questions import Questions
from voice.matching.signals import Flags, combine, compare, measure
from voice.matching.windows import windows
from voice.types import Candidate, Match, Turn

__all__ = ["MatchOptions", "Matcher"]

MAX_HYPOTHESES: Final = 5
MAX_CANDIDATES: Final = 5
RANK_LOSS: Final = 0.02  # share of the score, for each better hypothesis the recognizer had


class Matcher:
    """Match turns with the entries of one FAQ; safe to share between threads."""

    def __init__(self, faq: Questions, options: MatchOptions | None = None) -> None:
        self._index = PhraseIndex(faq)
        self._locale = faq.locale
        self._options = options or MatchOptions()

    def match(
        self,
        turn: Turn,
        *,
        explain: bool = False,
        today: date | None = None,
        among: Collection[str] | None = None,
    ) -> Match:
        """Return what the FAQ has for a turn; never raises for any text.

        The candidates are the best five, or, of a clarify, the up to three to ask about. All
        hypotheses count, each a little less than the one before. Entries that are not valid
        today are not there, nor those that are not `among` the given ids. `explain` tells every
        candidate's signals.
        """
        texts = self._texts(turn)
        if not texts:
            return Match("unknown", explain={"reason": "nothing to match"} if explain else None)
        spoken = turn.spoken or bool(turn.hypotheses)
        usable = self._index.usable(today or date.today(), spoken=spoken)
        if among is not None:
            usable = usable & self._index.belonging_to(among)
        found = self._search(texts, usable, explain)
        decision = decide(found, self._options)
        candidates = tuple(map(self._candidate, decision.found[:MAX_CANDIDATES]))
        text = decision.found[0].text if decision.found else texts[0][0]
        told = self._explain(texts, decision) if explain else None
        return Match(decision.status, candidates, text, told)

    def _texts(self, turn: Turn) -> list[tuple[str, int]]:
        """Return the normalized texts to match, each with its rank among the hypotheses."""
        ranks: dict[str, int] = {}
        for rank, text in enumerate(turn.texts[:MAX_HYPOTHESES]):
            for window in windows(text):
                ranks.setdefault(normalize(window, self._locale), rank)
        ranks.pop("", None)
        return list(ranks.items())

    def _search(self, texts: list[tuple[str, int]], usable: Flags, explain: bool) -> list[Found]:
        """Return the entries by the best score any text gives them, best first."""
        best: dict[int, Found] = {}
        for text, rank in texts:
            found = list(self._compare(text, rank, usable, explain))
            if rank == 0:
                found += self._worded(text, usable)
            for each in found:
                before = best.get(each.entry)
                if before is None or (each.exact, each.score) > (before.exact, before.score):
                    best[each.entry] = each
        return sorted(best.values(), key=lambda each: (-each.score, each.entry))

    def _worded(self, text: str, usable: Flags) -> Iterator[Found]:
        """Yield the entries that have a text as one of their wordings."""
        for phrase in self._index.exact(text, usable):
            urgent = self._index.entries[phrase.entry].urgent
            yield Found(phrase.entry, 1.0, phrase.folded, text, exact=True, urgent=urgent)

    def _compare(self, text: str, rank: int, usable: Flags, explain: bool) -> Iterator[Found]:
        """Yield the entries that are likest to one text, each by its best phrase."""
        index, folded = self._index, fold(text)
        comparison = compare(folded, index, usable)
        signals = measure(comparison)
        scores = combine(signals) * (1 - RANK_LOSS * rank)
        lone = " " not in folded and len(index.words.vocabulary.content(folded)) == 1
        seen: set[int] = set()
        for place in np.argsort(-scores, kind="stable").tolist():
            phrase = index.phrases[comparison.numbers[place]]
            if phrase.entry in seen:
                continue
            if len(seen) >= MAX_CANDIDATES or scores[place] <= 0:
                break
            seen.add(phrase.entry)
            yield Found(
                entry=phrase.entry,
                score=float(scores[place]),
                phrase=phrase.folded,
                text=text,
                urgent=index.entries[phrase.entry].urgent,
                lone=lone,
                signals={n: float(v[place]) for n, v in signals.items()} if explain else None,
            )

    def _candidate(self, found: Found) -> Candidate:
        entry = self._index.entries[found.entry]
        return Candidate(entry.id, entry.question, found.score)

    def _explain(self, texts: list[tuple[str, int]], decision: Decision) -> dict[str, Any]:
        return {
            "reason": decision.reason,
            "min_score": self._options.min_score,
            "min_margin": self._options.min_margin,
            "texts": [text for text, _ in texts],
            "candidates": [
                {
                    "entry_id": self._index.entries[found.entry].id,
                    "text": found.text,
                    "phrase": found.phrase,
                    "score": round(found.score, 4),
                    "signals": {name: round(v, 4) for name, v in (found.signals or {}).items()},
                }
                for found in decision.found[:MAX_CANDIDATES]
            ],
        }
