"""Content words: which of them a question shares with a phrase and with an entry."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from voice.matching.normalize import fold
from voice.matching.wording import HANGUL, UNSPACED, Wording

Floats = NDArray[np.float64]

MIN_LIKENESS: Final = 75  # of 100: least likeness of a misspelled word to the word it stands for
MAX_UNKNOWN: Final = 12  # words of one question that are looked up by likeness
_HAS_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
_HAS_HANGUL: Final = re.compile(f"[{HANGUL}]")
_SYLLABLES: Final = re.compile(f"[{HANGUL}]|[^{HANGUL}]+")


class Vocabulary:
    """Cut text into content words, as stems; one rule for questions and phrases."""

    def __init__(self, wording: Wording) -> None:
        endings = "|".join(sorted(map(fold, wording.suffixes), key=lambda end: (-len(end), end)))
        self._ending = re.compile(f"(?<=...)(?:{endings})$") if endings else None
        self._stem = lru_cache(maxsize=8192)(self._cut_ending)
        self._light = {self._stem(fold(word)) for word in wording.light}

    def content(self, text: str) -> list[str]:
        """Return the distinct content words of folded text, sorted; all its words if none is."""
        words = {stem for word in text.split() for stem in self._units(word)}
        return sorted(words - self._light or words)

    def _units(self, word: str) -> Iterable[str]:
        if word.isascii() or not _HAS_UNSPACED.search(word):
            return (self._stem(word),)
        if _HAS_HANGUL.search(word):  # particles and endings are light syllables
            return _SYLLABLES.findall(word)
        pairs = [word[i : i + 2] for i in range(len(word) - 1)]  # stand for the words inside
        return pairs or (word,)

    def _cut_ending(self, word: str) -> str:
        if self._ending is not None:
            word = self._ending.sub("", word, count=1)
        return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


class WordIndex:
    """The content words of many phrases and of the entries they belong to."""

    def __init__(self, texts: Sequence[str], owners: Sequence[int], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        phrases: defaultdict[str, list[int]] = defaultdict(list)
        entries: defaultdict[str, set[int]] = defaultdict(set)
        sizes = []
        for number, (text, owner) in enumerate(zip(texts, owners, strict=True)):
            words = vocabulary.content(text)
            sizes.append(max(len(words), 1))
            for word in words:
                phrases[word].append(number)
                entries[word].add(owner)
        self._sizes = np.array(sizes)
        self._entry_count = max(owners, default=-1) + 1
        self._phrases = {word: np.array(numbers) for word, numbers in phrases.items()}
        self._entries = {word: np.array(sorted(numbers)) for word, numbers in entries.items()}
        self._by_first: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(phrases):
            self._by_first[word[0]].append(word)

    def covers(self, text: str) -> tuple[Floats, Floats]:
        """Return which share of each phrase's content words a folded question has, 0-1, ...

        ... and which share of the question's content words each entry has, 0-1. A word that no
        phrase has counts by its likeness to the one it may be misspelled from.
        """
        words = self.vocabulary.content(text)
        said = np.zeros(len(self._sizes))
        had = np.zeros(self._entry_count)
        found: dict[str, float] = {}
        unknown = 0
        for word in words:
            known, likeness = word, 1.0
            if word not in self._phrases:
                unknown += 1
                known, likeness = self._nearest(word) if unknown <= MAX_UNKNOWN else (word, 0.0)
            if likeness:
                had[self._entries[known]] += likeness
                found[known] = max(likeness, found.get(known, 0.0))
        for known, likeness in found.items():
            said[self._phrases[known]] += likeness
        return np.minimum(said / self._sizes, 1.0), had / max(len(words), 1)

    def _nearest(self, word: str) -> tuple[str, float]:
        """Return the likest word with the same first letter, and how like it is, 0-1."""
        near = process.extractOne(
            word, self._by_first.get(word[0], ()), scorer=fuzz.ratio, score_cutoff=MIN_LIKENESS
        )
        return (str(near[0]), near[1] / 100) if near else (word, 0.0)
