"""TF-IDF over character n-grams: an inverted index in flat arrays, with numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voice.matching.grams import Hashes, grams

Floats = NDArray[np.float64]

# Among many phrases an n-gram of one phrase in twenty tells little and costs the most.
MANY_PHRASES: Final = 2_000
COMMON_SHARE: Final = 0.05
_TINY: Final = 1e-9  # the length of a phrase that has nothing but common n-grams


class GramIndex:
    """The n-grams of many phrases, weighted (1 + log count) * idf, each phrase of length 1.

    idf is the smoothed log((1 + phrases) / (1 + phrases with it)) + 1 (Manning, Raghavan and
    Schütze, Introduction to Information Retrieval, chapter 6). Among many phrases the common
    n-grams do not count at all.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        hashes, owners = grams(texts)
        order = np.argsort(hashes, kind="stable")  # stable: the phrases of an n-gram stay sorted
        hashes, owners = hashes[order], owners[order]
        del order
        first = np.ones(len(hashes), dtype=bool)  # of each n-gram in each phrase
        first[1:] = (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1])
        starts = np.flatnonzero(first)
        counts = np.diff(starts, append=len(hashes)).astype(np.float32)
        self._phrases = owners[starts]
        hashes = hashes[starts]
        del owners, first, starts
        self._terms, self._starts, self._lengths = np.unique(
            hashes, return_index=True, return_counts=True
        )
        self._idf = np.log((1 + self._size) / (1 + self._lengths)) + 1
        if self._size > MANY_PHRASES:
            self._idf[self._lengths > COMMON_SHARE * self._size] = 0.0
        self._unknown_idf = float(np.log(1 + self._size) + 1)
        weights = (1 + np.log(counts)) * np.repeat(self._idf.astype(np.float32), self._lengths)
        norms = np.sqrt(np.bincount(self._phrases, weights**2, minlength=self._size))
        self._weights = weights / np.maximum(norms, _TINY).astype(np.float32)[self._phrases]

    def cosines(self, text: str) -> Floats:
        """Return how alike a normalized text is to each phrase, 0-1."""
        if not len(self._terms):
            return np.zeros(self._size)
        terms, counts = np.unique(grams([text])[0], return_counts=True)
        found = self._find(terms)
        idf = np.where(found >= 0, self._idf[found], self._unknown_idf)
        weights = (1 + np.log(counts)) * idf
        length = float(np.sqrt((weights**2).sum()))
        counted = (found >= 0) & (weights > 0)
        found, weights = found[counted], weights[counted]
        if not len(found):
            return np.zeros(self._size)
        lengths = self._lengths[found]
        # The places of all postings of all found terms, one run after the other.
        ends = np.cumsum(lengths)
        places = np.repeat(self._starts[found] - ends + lengths, lengths) + np.arange(ends[-1])
        shares = self._weights[places] * np.repeat(weights / length, lengths)
        sums = np.bincount(self._phrases[places], shares, minlength=self._size)
        return sums.astype(np.float64)

    def _find(self, terms: Hashes) -> NDArray[np.int64]:
        """Return the place of each term, -1 where no phrase has it."""
        places = np.minimum(np.searchsorted(self._terms, terms), len(self._terms) - 1)
        return np.where(self._terms[places] == terms, places, -1)
