"""How one language says what is written short: the tables of data/speech/<language>.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from voice import paths
from voice.errors import SetupError

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, eq=False)  # compared by identity, so that patterns can be kept for it
class SpokenTable:
    """One language's tables; an empty one leaves only what holds in every language."""

    decimal: str = "."  # the sign before the fraction of a number
    words: Mapping[str, str] = field(default_factory=dict)  # for signs in addresses and ranges
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    ending: Mapping[str, str] = field(default_factory=dict)  # those whose dot may end a sentence
    before_number: Mapping[str, str] = field(default_factory=dict)  # those that need a number
    symbols: Mapping[str, str] = field(default_factory=dict)  # said wherever they stand
    fractions: Mapping[str, str] = field(default_factory=dict)
    currencies: Mapping[str, tuple[str, str, str, str]] = field(default_factory=dict)
    magnitudes: tuple[str, ...] = ()  # words between an amount and its currency
    units: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # for one, for more
    per: Mapping[str, str] = field(default_factory=dict)  # units that only follow a slash
    times: Mapping[str, Any] = field(default_factory=dict)  # a template for each kind of minute
    date: str = ""  # a template for year-month-day
    months: tuple[str, ...] = ()
    ordinals: tuple[str, ...] = ()  # how the days of a month are said before its name
    short_after: tuple[str, ...] = ()  # words after which an ordinal has no last letter
    days: Mapping[str, str] = field(default_factory=dict)
    short_numbers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # cues, numbers


_EMPTY: Final = SpokenTable()


def load_table(locale: str) -> SpokenTable:
    """Return the table of the locale's language, an empty one where there is none.

    Raises SetupError when the file has faults.
    """
    language = locale.replace("_", "-").partition("-")[0].lower()
    return _load(language) if _LANGUAGE.fullmatch(language) else _EMPTY


@cache
def _load(language: str) -> SpokenTable:
    path = paths.shipped("data", "speech", f"{language}.yaml")
    return read_table(path) if path.is_file() else _EMPTY


def read_table(path: Path) -> SpokenTable:
    """Return the tables of one file; raises SetupError when it has faults."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        return SpokenTable(**{name: _frozen(value) for name, value in data.items()})
    except (OSError, ValueError, TypeError, AttributeError, YAMLError) as error:
        line = " ".join(str(error).split())
        raise SetupError(f"cannot read {path.name} of data/speech: {line}") from None


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _frozen(each) for key, each in value.items()}
    return tuple(str(each) for each in value) if isinstance(value, list) else str(value)


def any_of(texts: Iterable[str]) -> str:
    """Return a pattern for any of the texts, the longest first; blanks in them are optional."""
    ordered = sorted(texts, key=len, reverse=True)
    return "|".join(re.escape(text).replace(r"\ ", r"\s?") for text in ordered) or r"(?!)"
