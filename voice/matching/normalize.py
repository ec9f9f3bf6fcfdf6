"""One form for what people type, what recognizers print and how the FAQ words it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from unicodedata import category, combining
from unicodedata import normalize as to_form

from voice.matching.numbers import spell_numbers
from voice.matching.wording import UNSPACED, Wording, language_of, load_wording

_MAX_TABLE: Final = 20_000  # characters remembered; a stranger may send all of Unicode
_APOSTROPHES: Final = "'’‘‛`´ʼ′＇"
_DIGIT: Final = re.compile(r"\d")
_ACRONYM: Final = re.compile(r"(?<![^\W_])([^\W\d_])\.(?=[^\W\d_](?![^\W_]))")  # a.m., U.S.A.
_UNSPACED_GAP: Final = re.compile(f"(?<=[{UNSPACED}]) +(?=[{UNSPACED}])")


class _Table(dict[int, "str | None"]):
    """A table for str.translate that is filled as characters come."""

    def __init__(self, rule: Callable[[str], str | None]) -> None:
        self._rule = rule

    def __missing__(self, code: int) -> str | None:
        replacement = self._rule(chr(code))
        if len(self) < _MAX_TABLE:
            self[code] = replacement
        return replacement


def _clean(char: str) -> str | None:
    kind = category(char)
    if char in _APOSTROPHES:
        return "'"
    if char.isspace():
        return " "
    if kind in ("Cc", "Cf", "Cs", "Co", "Me") or "\ufe00" <= char <= "\ufe0f":
        return None
    return f" {char}" if kind == "No" else char  # 3½ is not 31/2


def _separate(char: str) -> str:
    return char if char == "'" or category(char)[0] in "LNM" else " "


_CLEAN: Final = _Table(_clean)
_SEPARATE: Final = _Table(_separate)


def normalize(text: str, locale: str = "en") -> str:
    """Return text in the one form that phrases and questions are compared in.

    Lower case, NFKC, words with single spaces between them; contractions spelled out, numbers as
    words, fillers and punctuation gone. Accents stay (see `fold`). Scripts written without spaces
    have none. Applying it twice changes nothing; text without a letter or digit gives "".
    """
    wording = load_wording(language_of(locale))
    text = text.translate(_CLEAN)
    if not text.isascii():
        text = to_form("NFKC", text)
    text = text.lower()
    if "." in text:
        text = _ACRONYM.sub(r"\1", text)
    if _DIGIT.search(text):
        text = spell_numbers(text, wording)
    for sign, word in wording.signs.items():
        if sign in text:
            text = text.replace(sign, f" {word} ")
    words = _expand(text.translate(_SEPARATE).split(), wording)
    text = " ".join([word for word in words if word not in wording.fillers] or words)
    if text.isascii():
        return text
    return to_form("NFKC", _UNSPACED_GAP.sub("", text))


def fold(text: str) -> str:
    """Return normalized text without accents and the like: what fuzzy comparison looks at.

    Only marks of Latin, Greek and Cyrillic letters go; those of other scripts are vowels.
    """
    if text.isascii():
        return text
    letters: list[str] = []
    for char in to_form("NFD", text.casefold()):
        if not (combining(char) and letters and letters[-1] < "\u0530"):
            letters.append(char)
    return to_form("NFC", "".join(letters))


def _expand(words: list[str], wording: Wording) -> list[str]:
    table = wording.words
    expanded: list[str] = []
    for word in words:
        bare = word.strip("'")
        said = table.get(bare) or (_split_ending(bare, wording) if "'" in bare else bare)
        expanded.append(said)
    return " ".join(expanded).split()


def _split_ending(word: str, wording: Wording) -> str:
    for ending, said in wording.endings.items():
        if word.endswith(ending) and word != ending:
            return f"{_split_ending(word.removesuffix(ending), wording)} {said}"
    return word.replace("'", wording.apostrophe)
