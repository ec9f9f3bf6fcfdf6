"""Trigram language models: estimated from sentences, mixed, written for PocketSphinx.

Interpolated Witten-Bell smoothing (Witten & Bell 1991; Chen & Goodman 1998, section 2.6): the more
different words followed a history, the more is kept for words that never did. Written as a back-off
model the interpolation is exact, since the weight kept does not depend on the next word.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

Ngram = tuple[str, ...]

START: Final = "<s>"
END: Final = "</s>"
ORDER: Final = 3
_NEVER: Final = -99.0  # ARPA's way to write that a word is never predicted
_LEAST: Final = 1e-12


@dataclass(frozen=True, slots=True)
class BackoffModel:
    """Probabilities of the n-grams seen; for others, a history's weight times the shorter one's."""

    probabilities: Mapping[Ngram, float]
    backoffs: Mapping[Ngram, float]  # 1 where a history is missing

    def probability(self, ngram: Ngram) -> float:
        """Return how likely the last word is after the words before it; 0 for unknown words."""
        weight = 1.0
        while ngram not in self.probabilities:
            if len(ngram) == 1:
                return 0.0
            weight *= self.backoffs.get(ngram[:-1], 1.0)
            ngram = ngram[1:]
        return weight * self.probabilities[ngram]

    @property
    def words(self) -> list[str]:
        """Return every word there is a probability for, without the sentence marks."""
        return [ngram[0] for ngram in self.probabilities if len(ngram) == 1 and ngram[0] != END]


def estimate(sentences: Iterable[Sequence[str]], order: int = ORDER) -> BackoffModel:
    """Return the model of the sentences, each a list of words; at least one must have a word."""
    counts = _count(sentences, order)
    totals: dict[Ngram, int] = defaultdict(int)
    kinds: dict[Ngram, int] = defaultdict(int)
    for ngram, count in counts.items():
        totals[ngram[:-1]] += count
        kinds[ngram[:-1]] += 1
    probabilities: dict[Ngram, float] = {}
    uniform = 1.0 / kinds[()]
    for ngram in sorted(counts, key=len):  # shorter ones first: the longer ones build on them
        history = ngram[:-1]
        shorter = probabilities[ngram[1:]] if history else uniform
        kept = kinds[history]
        probabilities[ngram] = (counts[ngram] + kept * shorter) / (totals[history] + kept)
    backoffs = {h: kinds[h] / (totals[h] + kinds[h]) for h in kinds if h}
    return BackoffModel(probabilities, backoffs)


def _count(sentences: Iterable[Sequence[str]], order: int) -> Counter[Ngram]:
    counts: Counter[Ngram] = Counter()
    for sentence in sentences:
        words = (START, *sentence, END)
        for end in range(2, len(words) + 1):  # nothing predicts the start
            counts.update(words[start:end] for start in range(max(end - order, 0), end))
    return counts


def mix(own: BackoffModel, background: BackoffModel, share: float = 0.5) -> BackoffModel:
    """Return the two models mixed, `share` of the first; histories keep the n-grams of both.

    What a history's n-grams leave over goes to the shorter history, so that all sums stay 1.
    """
    ngrams = sorted(own.probabilities.keys() | background.probabilities.keys(), key=len)
    mixed = {
        ngram: share * own.probability(ngram) + (1 - share) * background.probability(ngram)
        for ngram in ngrams
    }
    return BackoffModel(mixed, normalized_backoffs(mixed))


def normalized_backoffs(probabilities: Mapping[Ngram, float]) -> dict[Ngram, float]:
    """Return the weights that make every history's probabilities add up to 1."""
    listed: dict[Ngram, list[Ngram]] = defaultdict(list)
    for ngram in probabilities:
        if len(ngram) > 1:
            listed[ngram[:-1]].append(ngram)
    backoffs: dict[Ngram, float] = {}
    for history in sorted(listed, key=len):  # a history's weight needs those of shorter ones
        model = BackoffModel(probabilities, backoffs)
        left = 1.0 - sum(probabilities[ngram] for ngram in listed[history])
        shorter = 1.0 - sum(model.probability(ngram[1:]) for ngram in listed[history])
        backoffs[history] = max(left, _LEAST) / max(shorter, _LEAST)
    return backoffs


def write_arpa(model: BackoffModel, file: IO[str]) -> None:
    """Write the model as ARPA text, in an order that does not change from run to run."""
    levels: dict[int, list[Ngram]] = defaultdict(list)
    for ngram in model.probabilities:
        levels[len(ngram)].append(ngram)
    levels[1].append((START,))
    file.write("\\data\\\n")
    file.writelines(f"ngram {order}={len(levels[order])}\n" for order in sorted(levels))
    for order in sorted(levels):
        file.write(f"\n\\{order}-grams:\n")
        file.writelines(_arpa_line(model, ngram) for ngram in sorted(levels[order]))
    file.write("\n\\end\\\n")


def _arpa_line(model: BackoffModel, ngram: Ngram) -> str:
    probability = model.probabilities.get(ngram)
    logarithm = _NEVER if probability is None else math.log10(max(probability, _LEAST))
    weight = model.backoffs.get(ngram)
    tail = "" if weight is None else f"\t{math.log10(max(weight, _LEAST)):.4f}"
    return f"{logarithm:.4f}\t{' '.join(ngram)}{tail}\n"
