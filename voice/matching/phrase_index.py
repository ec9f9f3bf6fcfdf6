"""Everything the matcher knows about an FAQ's phrases, made once when it loads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from voice.matching.normalize import fold, normalize
from voice.matching.questions import Questions
from voice.matching.tfidf import GramIndex
from voice.matching.wording import language_of, load_wording
from voice.matching.words import Vocabulary, WordIndex


@dataclass(frozen=True, slots=True, order=True)
class Phrase:
    """One wording of an entry."""

    entry: int  # place in PhraseIndex.entries
    text: str  # normalized
    folded: str  # as it is compared
    heard: bool  # counts for spoken turns only (hear_as)


class PhraseIndex:
    """The phrases of an FAQ with their indexes; the order of entries in the file is no matter."""

    def __init__(self, faq: Questions) -> None:
        self.entries = sorted(faq.entries, key=lambda entry: entry.id)
        self.phrases = sorted(set(self._phrases(faq.locale)))
        self._exact: defaultdict[str, list[int]] = defaultdict(list)
        for number, phrase in enumerate(self.phrases):
            self._exact[phrase.text].append(number)
        self.texts: Sequence[str] = [phrase.folded for phrase in self.phrases]
        self.sorted_texts: Sequence[str] = [sort_words(text) for text in self.texts]
        owners = [phrase.entry for phrase in self.phrases]
        self.owners = np.array(owners)
        self.grams = GramIndex(self.texts)
        vocabulary = Vocabulary(load_wording(language_of(faq.locale)))
        self.words = WordIndex(self.texts, owners, vocabulary)
        self._typed = np.array([not phrase.heard for phrase in self.phrases])
        self._usable = lru_cache(maxsize=4)(self._usable_on)

    def exact(self, text: str, usable: NDArray[np.bool_]) -> list[Phrase]:
        """Return the usable phrases that are a normalized text to the letter."""
        return [self.phrases[number] for number in self._exact.get(text, ()) if usable[number]]

    def usable(self, day: date, *, spoken: bool) -> NDArray[np.bool_]:
        """Return which phrases count for a turn of that day."""
        return self._usable(day, spoken)

    def belonging_to(self, ids: Collection[str]) -> NDArray[np.bool_]:
        """Return which phrases are wordings of the entries with these ids."""
        wanted = np.array([entry.id in ids for entry in self.entries])
        belonging: NDArray[np.bool_] = wanted[self.owners]
        return belonging

    def _usable_on(self, day: date, spoken: bool) -> NDArray[np.bool_]:
        valid = np.array([entry.is_valid_on(day) for entry in self.entries])
        usable: NDArray[np.bool_] = valid[self.owners] & (spoken | self._typed)
        return usable

    def _phrases(self, locale: str) -> Iterator[Phrase]:
        for number, entry in enumerate(self.entries):
            for wordings, heard in ((entry.phrases, False), (entry.hear_as, True)):
                for wording in wordings:
                    text = normalize(wording, locale)
                    yield Phrase(number, text, fold(text), heard)


def sort_words(text: str) -> str:
    """Return the words of a text in alphabetical order."""
    return " ".join(sorted(text.split()))
