"""What a language needs to bring its wording into one form; the tables are data/normalize."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pydantic import BaseModel, ConfigDict

from voice import paths

# Han, kana, Thai, Lao, Khmer, Burmese: written without spaces, which only some recognizers print.
# Hangul has spaces, which people and recognizers set or leave out as they like.
HANGUL: Final = "가-힣ᄀ-ᇿㄱ-ㆎ"
UNSPACED: Final = f"{HANGUL}぀-ヿㇰ-ㇿ㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff฀-๿຀-໿ក-៿က-႟"
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


class Wording(BaseModel):
    """The table of one language; the defaults are those of a language that has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str = ""
    apostrophe: str = " "  # what an apostrophe inside a word becomes when no ending below fits
    decimal: str = ","  # the decimal separator; of "." and "," the other one groups thousands
    point: str = ""  # the word said for the decimal separator
    years: bool = False  # whether 1999 is said otherwise than the number 1999
    range: str = ""  # the word between the ends of "5-10"
    words: dict[str, str] = {}  # whole word -> the form all its spellings share
    endings: dict[str, str] = {}  # end of a word, with its apostrophe -> the word it stands for
    ordinals: frozenset[str] = frozenset()  # what follows the digits of an ordinal: 1st, 2nd
    signs: dict[str, str] = {}  # sign -> word
    currencies: dict[str, tuple[str, str, str, str]] = {}  # sign -> one, many, one of 100, many
    fillers: frozenset[str] = frozenset()  # sounds that mean nothing, removed
    light: frozenset[str] = frozenset()  # words that carry no topic: kept, not counted as content
    suffixes: frozenset[str] = frozenset()  # endings that do not change what a word is about


def language_of(locale: str) -> str:
    """Return the language of a locale ("en" of "en-GB"), "" when it is none."""
    language = re.split("[-_]", locale, maxsplit=1)[0].lower()
    return language if _LANGUAGE.fullmatch(language) else ""


@lru_cache(maxsize=64)
def load_wording(language: str) -> Wording:
    """Return the table of a language as `language_of` gives it, the defaults where none exists."""
    path = paths.shipped("data", "normalize", f"{language}.yaml")
    if not language or not path.is_file():
        return Wording(language=language)
    from ruamel.yaml import YAML  # not needed to show the help of a command

    table = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return Wording.model_validate({"language": language, **table})
