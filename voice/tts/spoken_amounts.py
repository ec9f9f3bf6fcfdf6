"""Numbers with what they count: money, units, fractions."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from voice.tts.spoken_table import SpokenTable, any_of

_NUMBER: Final = r"\d{1,12}(?:[.,]\d{1,12}){0,5}"
_FRACTIONS: Final = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"}
_FRACTION: Final = re.compile(" ?([½⅓⅔¼¾])")


class _Patterns(NamedTuple):
    money: re.Pattern[str]
    mixed: re.Pattern[str]  # a whole number and a fraction
    fraction: re.Pattern[str]
    unit: re.Pattern[str]
    rate: re.Pattern[str]


@cache
def _patterns(table: SpokenTable) -> _Patterns:
    signs, magnitudes = any_of(table.currencies), any_of(table.magnitudes)
    amount = rf"({_NUMBER})(?: ?({magnitudes}))?(?!\w)"
    parts, units = any_of(table.fractions), any_of(table.units)
    counted = {word for names in table.currencies.values() for word in names[:2]}
    counted |= {word for names in table.units.values() for word in names}
    rates = any_of([*table.units, *table.per])
    return _Patterns(
        re.compile(rf"(?<!\w)({signs}) ?{amount}|(?<![\w.,]){amount} ?({signs})(?!\w)"),
        re.compile(rf"(?<![\w./])(\d{{1,4}}) ({parts})(?![\w/])"),
        re.compile(rf"(?<![\w./])({parts})(?![\w/])"),
        re.compile(rf"(?<![\w.,])({_NUMBER}) ?({units})(?![\w²])"),
        re.compile(
            rf"(\d (?:{any_of(counted)})|\d [^\W\d_]{{2,20}}(?=/(?:{rates})\b))/([\w²]{{1,20}})"
        ),
    )


def say_amounts(text: str, table: SpokenTable) -> str:
    """Return the text with $5.50 as "5 dollars and 50 cents"."""

    def said(found: re.Match[str]) -> str:
        sign, number = found[1] or found[6], found[2] or found[4]
        return _amount(sign, number, found[3] or found[5], table)

    return _patterns(table).money.sub(said, text)


def _amount(sign: str, number: str, magnitude: str | None, table: SpokenTable) -> str:
    one, many, cent, cents = table.currencies[sign]
    whole, point, part = number.rpartition(table.decimal)
    if magnitude:
        return f"{number} {magnitude} {many}"
    if not point or len(part) != 2:
        return f"{number} {one if number == '1' else many}"
    small = f"{int(part)} {cent if int(part) == 1 else cents}"
    large = f"{whole} {one if whole == '1' else many}"
    if whole == "0":
        return small
    return f"{large} {table.words['and']} {small}" if int(part) else large


def say_units(text: str, table: SpokenTable) -> str:
    """Return the text with 5 mg/day as "5 milligrams per day", 2½ as "2 and a half"."""
    if not table.units:
        return text
    patterns, words, parts = _patterns(table), table.words, table.fractions

    def unit(found: re.Match[str]) -> str:
        one, many = table.units[found[2]]
        return f"{found[1]} {one if found[1] == '1' else many}"

    def rate(found: re.Match[str]) -> str:
        name = found[2]
        word = table.per.get(name) or table.units.get(name, (name,))[0]
        return f"{found[1]} {words['per']} {word}"

    text = _FRACTION.sub(lambda found: f" {_FRACTIONS[found[1]]}", text)
    text = patterns.mixed.sub(lambda m: f"{m[1]} {words['and']} {parts[m[2]]}", text)
    text = patterns.fraction.sub(lambda m: parts[m[1]], text)
    return patterns.rate.sub(rate, patterns.unit.sub(unit, text))
