"""The FAQ's wording as sentences for a language model: lower-case English words as people say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from unicodedata import normalize as to_form

from voice.matching.normalize import normalize
from voice.matching.numbers import spell_numbers
from voice.matching.wording import load_wording

Sentence = tuple[str, ...]

_WORD: Final = re.compile(r"[a-z]{1,40}(?:'[a-z]{1,10})*")
_ACRONYM: Final = re.compile(r"\b[A-Z]{2,5}\b")
_APOSTROPHES: Final = re.compile("[\u2019\u2018\u02bc\uff07]")
_MOST_WORDS: Final = 100  # of one phrase


def sentences(phrases: Iterable[str]) -> list[Sentence]:
    """Return the sentences of the phrases, without repeats: as written, and contractions spelled.

    "What's 2 + 2" gives "what's two two" and "what is two two".
    """
    found: dict[Sentence, None] = {}
    for phrase in phrases:
        plain = _APOSTROPHES.sub("'", phrase).lower()
        for text in (spell_numbers(plain, load_wording("en")), normalize(phrase, "en")):
            if words := _words(text):
                found.setdefault(words)
    return list(found)


def acronyms(phrases: Iterable[str]) -> set[str]:
    """Return the words written in capitals, in lower case: they may be said letter by letter."""
    return {found.lower() for phrase in phrases for found in _ACRONYM.findall(phrase)}


def _words(text: str) -> Sentence:
    plain = to_form("NFKD", text).encode("ascii", "ignore").decode()
    return tuple(_WORD.findall(plain)[:_MOST_WORDS])
