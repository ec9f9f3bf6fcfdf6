"""Abbreviations and signs in full words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

from voice.tts.spoken_table import SpokenTable, any_of

_WORDS_SLASH: Final = re.compile(r"(?<=[a-zß-ÿ])/(?=[a-zß-ÿ])")
_OTHER_SLASH: Final = re.compile(r"(?<=[^\W\d])/|/(?=[^\W\d])")


class _Patterns(NamedTuple):
    short: re.Pattern[str]
    ending: re.Pattern[str]  # its second group is there when a sentence ends with it
    before_number: re.Pattern[str]
    symbols: re.Pattern[str]


@cache
def _patterns(table: SpokenTable) -> _Patterns:
    names = [key for key in table.before_number if key[0].isalpha()]
    signs = [key for key in table.before_number if not key[0].isalpha()]
    return _Patterns(
        re.compile(rf"(?<![\w.])({any_of(_capitals_too(table.abbreviations))})(?!\w)"),
        re.compile(
            rf"(?<![\w.])({any_of(_capitals_too(table.ending))})(?!\w)(?=(\s+[^\W\d_a-z]|\s*$)?)"
        ),
        # after a question, "No. 5 people do" is an answer
        re.compile(rf"((?<!\w)(?<!\? )(?:{any_of(names)})|{any_of(signs)}) ?(?=\d)"),
        re.compile(f"({any_of(table.symbols)})"),
    )


def say_abbreviations(text: str, table: SpokenTable) -> str:
    """Return the text with "for example" for "e.g.", and "number 5" for "No. 5"."""
    patterns = _patterns(table)

    def ended(found: re.Match[str]) -> str:
        return _word(found, table.ending) + ("" if found[2] is None else ".")

    text = patterns.short.sub(lambda found: _word(found, table.abbreviations), text)
    text = patterns.ending.sub(ended, text)
    return patterns.before_number.sub(lambda found: f" {table.before_number[found[1]]} ", text)


def say_symbols(text: str, table: SpokenTable) -> str:
    """Return the text with "and" for "&" and "or" for the slash between words."""
    if not table.words:
        return text
    text = _WORDS_SLASH.sub(f" {table.words['or']} ", text)
    text = _patterns(table).symbols.sub(lambda found: f" {table.symbols[found[1]]} ", text)
    return _OTHER_SLASH.sub(" ", text)


def _word(found: re.Match[str], words: Mapping[str, str]) -> str:
    """Return what an abbreviation means, written with or without its blanks and a capital."""
    squeezed = re.sub(r"\s", "", found[1])
    short = (squeezed, squeezed[0].lower() + squeezed[1:])
    return next(word for key, word in words.items() if key.replace(" ", "") in short)


def _capitals_too(words: Iterable[str]) -> list[str]:
    return [form for word in words for form in (word, word[0].upper() + word[1:])]
