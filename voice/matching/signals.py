"""The signals a question is compared with phrases by, each 0-1, and their sum."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from voice.matching.phrase_index import PhraseIndex, sort_words

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

SHORTLIST: Final = 100  # phrases that the slower signals look at
# Two unrelated English sentences share about this much of their letters in order.
CHANCE_RATIO: Final = 0.5
# How much is lost when the entry has none of the question's content words.
STRANGE_WORDS_LOSS: Final = 0.6


@dataclass(frozen=True, slots=True)
class Comparison:
    """One folded question beside the phrases it is compared with."""

    text: str
    index: PhraseIndex
    numbers: Ints  # of the phrases in the index
    gram_cosines: Floats  # of all phrases
    phrase_cover: Floats  # of all phrases
    entry_cover: Floats  # of all entries

    def chosen(self, texts: Sequence[str]) -> Sequence[str]:
        """Return the texts of the shortlist out of those of all phrases."""
        if len(self.numbers) == len(texts):
            return texts
        return [texts[number] for number in self.numbers.tolist()]


def compare(text: str, index: PhraseIndex, usable: Flags) -> Comparison:
    """Return the comparison of a folded question with the likest of the usable phrases."""
    cosines = index.grams.cosines(text)
    phrase_cover, entry_cover = index.words.covers(text)
    numbers = shortlist(cosines, usable)
    return Comparison(text, index, numbers, cosines, phrase_cover, entry_cover)


def shortlist(scores: Floats, usable: Flags) -> Ints:
    """Return where the best usable scores are, ascending; a tie at the end is let in whole."""
    numbers = np.flatnonzero(usable)
    if len(numbers) <= SHORTLIST:
        return numbers
    scores = scores[numbers]
    least = np.partition(scores, -SHORTLIST)[-SHORTLIST]
    return numbers[scores >= least if least > 0 else scores > 0]


def grams(comparison: Comparison) -> Floats:
    """Return the TF-IDF cosine of character n-grams: letters, whatever their order."""
    return comparison.gram_cosines[comparison.numbers]


def ratio(comparison: Comparison) -> Floats:
    """Return the share of letters in common and in order (rapidfuzz.fuzz.ratio)."""
    return _ratio(comparison.text, comparison.chosen(comparison.index.texts))


def token_sort(comparison: Comparison) -> Floats:
    """Return the ratio of the words in alphabetical order (rapidfuzz.fuzz.token_sort_ratio)."""
    return _ratio(sort_words(comparison.text), comparison.chosen(comparison.index.sorted_texts))


def phrase_words(comparison: Comparison) -> Floats:
    """Return the share of the phrase's content words that the question has."""
    return comparison.phrase_cover[comparison.numbers]


def known_words(comparison: Comparison) -> Floats:
    """Return the share of the question's content words that the phrase's entry has."""
    cover: Floats = comparison.entry_cover[comparison.index.owners[comparison.numbers]]
    return cover


SIGNALS: Final[Mapping[str, Callable[[Comparison], Floats]]] = {
    "grams": grams,
    "ratio": ratio,
    "token_sort": token_sort,
    "phrase_words": phrase_words,
    "known_words": known_words,
}


def measure(comparison: Comparison) -> dict[str, Floats]:
    """Return every signal for every phrase of the shortlist."""
    return {name: signal(comparison) for name, signal in SIGNALS.items()}


def combine(signals: Mapping[str, Floats]) -> Floats:
    """Return the score of every phrase, 0-1, growing with each signal.

    Two kinds of evidence, and the surer one counts: wording (n-grams, sorted words and content
    words, averaged) finds what is put differently, letters in order find what was misheard.
    Content words that the entry does not have speak against both.
    """
    wording = (signals["grams"] + signals["token_sort"] + signals["phrase_words"]) / 3
    letters = (signals["ratio"] - CHANCE_RATIO) / (1 - CHANCE_RATIO)
    strange = 1 - signals["known_words"]
    score: Floats = np.maximum(wording, letters) * (1 - STRANGE_WORDS_LOSS * strange)
    return np.clip(score, 0.0, 1.0)


def _ratio(text: str, choices: Sequence[str]) -> Floats:
    if not choices:
        return np.zeros(0)
    scores: Floats = process.cdist([text], choices, scorer=fuzz.ratio)[0].astype(np.float64)
    return scores / 100
