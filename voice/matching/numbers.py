"""Digits to words, as a recognizer prints what was said."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from voice.matching.wording import Wording

_MAX_DIGITS: Final = 9  # longer ones are phone and serial numbers, which people spell
# Where num2words 0.5.14 spells every whole number of nine digits; Amharic fails above 1,100, and
# given text or fractions instead of whole numbers several raise or never return.
_SPELLED: Final = (
    " ar az be bn ca ce cs cy da de en eo es fa fi fr he hu id is it ja kn ko kz lt lv nl no pl pt "
    "ro ru sk sl sr sv te tet tg th tr uk vi "
)
_YEAR: Final = re.compile(r"1[1-9]\d\d|20[1-9]\d")  # 2000-2009 are said as the number
_FULL_HOUR: Final = re.compile(r"(?<![\d:])(\d{1,2}):00(?![\d:])")
_RANGE: Final = re.compile(r"(?<![\d.,\-–])(\d{1,4})\s?[-–—]\s?(\d{1,4})(?![.,–-]?\d)")
_NUMBER: Final = re.compile(
    r"(?P<before>[$€£¥₹₩]\s?)?(?P<digits>\d[\d.,]*(?<=\d))"
    r"(?P<after>\s?[$€£¥₹₩]|[^\W\d_]{1,4}(?![^\W_]))?"
)


def spell_numbers(text: str, wording: Wording) -> str:
    """Replace every number in lower-case text by its words, in the language of `wording`.

    Ranges, full hours, thousands separators, decimals, ordinals, years and amounts of money are
    known. A number with leading zeros or more than nine digits is read digit by digit, and where
    the language is not among those num2words spells well the digits stay, as ASCII.
    """
    text = _FULL_HOUR.sub(r"\1", text)
    if wording.range:
        text = _RANGE.sub(lambda found: _range(found, wording), text)
    return _NUMBER.sub(lambda found: f" {_spell(found, wording)} ", text)


def _range(found: re.Match[str], wording: Wording) -> str:
    first, last = found.groups()
    return f"{first} {wording.range} {last}" if int(first) < int(last) else found.group()


def _spell(found: re.Match[str], wording: Wording) -> str:
    digits, after = found["digits"], (found["after"] or "").strip()
    sign = (found["before"] or after).strip()
    whole, decimals = _split(digits, wording.decimal)
    if sign in wording.currencies and whole is not None:
        rest = after if found["before"] else ""
        return f"{_money(whole, decimals, wording.currencies[sign], wording)} {rest}"
    if after in wording.ordinals and not decimals and whole and len(whole) <= _MAX_DIGITS:
        return _words(whole, wording.language, "ordinal")
    if whole is None:  # dates, versions, addresses: one number after the other
        said = " ".join(_integer(part, wording) for part in re.findall(r"\d+", digits))
    elif decimals:
        said = _decimal(whole, decimals, wording)
    else:
        said = _integer(whole, wording) if whole == digits else _cardinal(whole, wording)
    return f"{said} {after}"


def _split(digits: str, decimal: str) -> tuple[str | None, str]:
    """Return the digits before and after the decimal separator; None when it is no one number."""
    point = re.escape(decimal)
    group = re.escape("." if decimal == "," else ",")
    found = re.fullmatch(rf"(\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{point}(\d+))?", digits)
    if not found:
        return None, ""
    whole, decimals = re.sub(group, "", found[1]), found[2] or ""
    return whole, decimals


def _integer(digits: str, wording: Wording) -> str:
    year = wording.years and _YEAR.fullmatch(digits)
    return _words(digits, wording.language, "year") if year else _cardinal(digits, wording)


def _cardinal(digits: str, wording: Wording) -> str:
    if len(digits) > _MAX_DIGITS or (digits[0] == "0" and len(digits) > 1):
        return _digits(digits, wording)
    return _words(digits, wording.language, "cardinal")


def _digits(digits: str, wording: Wording) -> str:
    return " ".join(_words(digit, wording.language, "cardinal") for digit in digits)


def _decimal(whole: str, decimals: str, wording: Wording) -> str:
    return f"{_cardinal(whole, wording)} {wording.point} {_digits(decimals, wording)}"


def _money(whole: str, cents: str, names: tuple[str, str, str, str], wording: Wording) -> str:
    one, many, one_cent, many_cents = names
    if cents and len(cents) != 2:
        return f"{_decimal(whole, cents, wording)} {many}"
    said = f"{_cardinal(whole, wording)} {one if whole == '1' else many}"
    if int(cents or "0"):
        minor = one_cent if int(cents) == 1 else many_cents
        said += f" {_cardinal(str(int(cents)), wording)} {minor}"
    return said


@lru_cache(maxsize=4096)
def _words(digits: str, language: str, kind: str) -> str:
    number = int(digits)
    if f" {language} " not in _SPELLED:
        return str(number)
    from num2words import num2words  # costs 20 ms and 5 MB, so only once there is a number

    said: str = num2words(number, lang=language, to=kind)
    return said.lower()
