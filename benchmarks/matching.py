"""How well and how fast questions find their entry, beside the usual fuzzy matchers.

Columns: `top-1`, the right entry first; `right` and `wrong`, of the in-scope questions, with the
limit set so that at most 5 % of the set's out-of-scope questions are answered. Then ours with the
limits as they ship: answered right / wrong, asked back with the right entry among those offered,
and of the out-of-scope questions answered / asked back.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil
from rapidfuzz import fuzz, process

from benchmarks.matching_sets import Part, Wordings, load_sets
from voice.faq import Faq, FaqEntry
from voice.matching.matcher import Matcher, MatchOptions
from voice.matching.normalize import normalize
from voice.matching.tfidf import GramIndex
from voice.types import Turn

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results" / "matching.json"
OUTSIDE_ANSWERED: Final = 0.05
SIZES: Final = (100, 10_000, 100_000)
TIMED_QUESTIONS: Final = 200

Ranked = list[tuple[str, float]]  # entries, best first


# --- the methods -----------------------------------------------------------------------------


def by_letters(scorer: Callable[..., float]) -> Callable[[Wordings], Callable[[str], Ranked]]:
    """Return a method that takes the best phrase by a scorer of rapidfuzz."""

    def build(wordings: Wordings) -> Callable[[str], Ranked]:
        texts, owners = flat(wordings)

        def rank(text: str) -> Ranked:
            scores = process.cdist([normalize(text)], texts, scorer=scorer)[0] / 100
            return best_of_each(owners, scores.tolist())

        return rank

    return build


def by_grams(wordings: Wordings) -> Callable[[str], Ranked]:
    """Rank by the cosine of character n-grams alone."""
    texts, owners = flat(wordings)
    index = GramIndex(texts)
    return lambda text: best_of_each(owners, index.cosines(normalize(text)).tolist())


def by_us(wordings: Wordings) -> Callable[[str], Ranked]:
    """Rank as the product does."""
    matcher = Matcher(as_faq(wordings), MatchOptions(2.0, 0.0))  # never sure: all candidates

    def rank(text: str) -> Ranked:
        found = matcher.match(Turn(text)).candidates
        return [(candidate.entry_id, candidate.score) for candidate in found]

    return rank


METHODS: Final[Mapping[str, Callable[[Wordings], Callable[[str], Ranked]]]] = {
    "WRatio": by_letters(fuzz.WRatio),
    "token_set_ratio": by_letters(fuzz.token_set_ratio),
    "char TF-IDF": by_grams,
    "ours": by_us,
}


def flat(wordings: Wordings) -> tuple[list[str], list[str]]:
    """Return every phrase, normalized, and the entry of each."""
    pairs = [(normalize(text), name) for name, texts in wordings.items() for text in texts]
    return [text for text, _ in pairs], [name for _, name in pairs]


def best_of_each(owners: Sequence[str], scores: Sequence[float]) -> Ranked:
    """Return the entries by their best phrase."""
    best: dict[str, float] = {}
    for owner, score in zip(owners, scores, strict=True):
        best[owner] = max(score, best.get(owner, 0.0))
    return sorted(best.items(), key=lambda pair: -pair[1])


def as_faq(wordings: Wordings) -> Faq:
    """Return the wordings as an FAQ."""
    entries = [
        FaqEntry(id=name, question=question, variants=tuple(variants), answer="It is.")
        for name, (question, *variants) in wordings.items()
    ]
    return Faq(title="Test", locale="en", entries=tuple(entries))


# --- measuring -------------------------------------------------------------------------------


def rate(parts: Sequence[Part], method: str) -> dict[str, float]:
    """Return the shares, in percent, that a method reaches on a set."""
    inside: list[tuple[float, bool]] = []
    outside: list[float] = []
    for part in parts:
        rank = METHODS[method](part.wordings)
        for text, entry in part.questions:
            name, score = (rank(text) or [("", 0.0)])[0]
            if entry is None:
                outside.append(score)
            else:
                inside.append((score, name == entry))
    limit = float(np.quantile(outside, 1 - OUTSIDE_ANSWERED))
    return {
        "top_1": percent([right for _, right in inside]),
        "right": percent([score > limit and right for score, right in inside]),
        "wrong": percent([score > limit and not right for score, right in inside]),
        "outside_answered": percent([score > limit for score in outside]),
    }


def rate_as_shipped(parts: Sequence[Part]) -> dict[str, float]:
    """Return the shares, in percent, of what the matcher decides with its default limits."""
    inside: list[str] = []
    outside: list[str] = []
    for part in parts:
        matcher = Matcher(as_faq(part.wordings))
        for text, entry in part.questions:
            match = matcher.match(Turn(text))
            names = [candidate.entry_id for candidate in match.candidates]
            if entry is None:
                outside.append(match.status)
            elif match.status == "answer":
                inside.append("right" if names[0] == entry else "wrong")
            else:
                inside.append("asked" if match.status == "clarify" and entry in names else "-")
    return {
        **{
            name: percent([each == name for each in inside]) for name in ("right", "wrong", "asked")
        },
        "outside_answered": percent([each == "answer" for each in outside]),
        "outside_asked": percent([each == "clarify" for each in outside]),
    }


def percent(flags: Sequence[bool]) -> float:
    """Return the share of true ones, in percent."""
    return round(100 * statistics.fmean(flags), 1) if flags else 0.0


def time_size(size: int, vocabulary: Sequence[str]) -> dict[str, float]:
    """Return what an FAQ of so many made-up phrases costs: to build, to ask, to hold."""
    chance = random.Random(size)
    phrases = list(dict.fromkeys(" ".join(chance.choices(vocabulary, k=9)) for _ in range(size)))
    faq = as_faq({str(start): phrases[start : start + 10] for start in range(0, len(phrases), 10)})
    questions = [" ".join(chance.choices(vocabulary, k=8)) for _ in range(TIMED_QUESTIONS)]
    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    matcher = Matcher(faq)
    built = time.perf_counter() - started
    held = psutil.Process().memory_info().rss - before
    spent = []
    for question in questions:
        started = time.perf_counter()
        matcher.match(Turn(question))
        spent.append(time.perf_counter() - started)
    return {
        "phrases": len(phrases),
        "build_seconds": round(built, 3),
        "match_ms": round(statistics.median(spent) * 1000, 3),
        "held_mb": round(held / 1e6, 1),
    }


def main() -> None:
    """Measure, print the tables, write them as JSON."""
    sets = load_sets()
    results: dict[str, Any] = {"sets": {}, "speed": []}
    print(f"{'':28}{'top-1':>7}{'right':>7}{'wrong':>7}   (5 % of out-of-scope answered)")
    for name, parts in sets.items():
        table = {method: rate(parts, method) for method in METHODS}
        shipped_limits = rate_as_shipped(parts)
        results["sets"][name] = {"methods": table, "as_shipped": shipped_limits}
        print(name)
        for method, row in table.items():
            print(f"    {method:<24}{row['top_1']:7.1f}{row['right']:7.1f}{row['wrong']:7.1f}")
        print("    as shipped: " + ", ".join(f"{k} {v}" for k, v in shipped_limits.items()))
    known = sets["back cracking, near misses"][0].wordings
    words = " ".join(flat(known)[0]).split()
    vocabulary = [*words, *(f"{a}{b}" for a in words[::7] for b in words[::11])]
    for size in SIZES:
        row = time_size(size, vocabulary)
        results["speed"].append(row)
        print(", ".join(f"{key} {value}" for key, value in row.items()))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
