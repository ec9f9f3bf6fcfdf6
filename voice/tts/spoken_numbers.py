"""Numbers that are read in an order of their own: phones, times, dates, ranges."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from voice.tts.spoken_table import SpokenTable, any_of

_MAX_PHONE_GROUP: Final = 4  # digits said in one breath
# +49 30 123456 · (555) 123-4567 · 555-123-4567 · 555-0123 · 9-1-1 · 0800 123 456 · 030/123456
_PHONE: Final = re.compile(
    r"(?<![\w.,+/-])(?:"
    r"\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,5}(?:[ ./-]\d{2,8}){0,5}"
    r"|(?:1[ .-])?\(\d{2,5}\) ?\d{2,5}(?:[ .-]\d{2,5}){0,3}"
    r"|(?:1[ .-])?\d{3}([ .-])\d{3}\1\d{4}"
    r"|\d{3}-\d{4}|\d-\d-\d"
    r"|0\d{1,4}[ /-]\d{2,8}(?:[ -]\d{2,8}){0,4}"
    r")(?![\w-]|[.,/]\d)"
)
_IP_ADDRESS: Final = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)")
_DATE: Final = re.compile(r"(?<![\w-])(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\w-])")
_RANGE: Final = re.compile(
    r"(?<![\w.,-])([$€£¥]?\d{1,9}(?:[.,:]\d{1,9})?(?: ?[ap]\.?m\.?| ?[%°])?)"
    r" ?- ?(?=[$€£¥]?\d{1,9}(?:[.,:]\d{1,9})?(?![\w:]*-\d))"
)
_OVER: Final = re.compile(r"(?<![\w/.])(\d{3})/(\d{2,3})(?![\w/])")  # blood pressure


def say_phones(text: str, table: SpokenTable) -> str:
    """Return the text with phone numbers digit by digit, in the groups they are written in."""
    text = _PHONE.sub(lambda found: _digits(found[0], table), text)
    short = _short_number(table)
    return short.sub(lambda found: f"{found[1]}{' '.join(found[2])}", text)


@cache
def _short_number(table: SpokenTable) -> re.Pattern[str]:
    cues, numbers = (any_of(table.short_numbers.get(name, ())) for name in ("cues", "numbers"))
    return re.compile(rf"(\b(?:{cues})\b[^.!?\d]{{0,40}})(?<![\w$€£-])({numbers})(?![\w%])", re.I)


def _digits(phone: str, table: SpokenTable) -> str:
    groups: list[str] = []
    for group in re.findall(r"\d+", phone):
        step = 3 if len(group) > _MAX_PHONE_GROUP else _MAX_PHONE_GROUP
        groups += [" ".join(group[at : at + step]) for at in range(0, len(group), step)]
    if max(map(len, groups)) == 1:  # 9-1-1
        return " ".join(groups)
    plus = f"{table.words.get('plus', '+')} " if phone.startswith("+") else ""
    return plus + ", ".join(groups)


def say_dates(text: str, table: SpokenTable) -> str:
    """Return the text with year-month-day as a date is said, and "5. Mai" as "fünften Mai"."""
    if not table.months:
        return text

    def said(found: re.Match[str]) -> str:
        month = table.months[int(found[2]) - 1]
        return table.date.format(year=found[1], month=month, day=int(found[3]))

    def day(found: re.Match[str]) -> str:
        number = int(found[2]) - 1
        if not 0 <= number < len(table.ordinals):
            return f"{found[1]}{found[2]} "
        ordinal = table.ordinals[number]
        return f"{found[1]}{ordinal[:-1] if found[1].strip() in table.short_after else ordinal} "

    text = _IP_ADDRESS.sub(lambda found: found[0].replace(".", f" {table.words['dot']} "), text)
    return _dotted_day(table).sub(day, _DATE.sub(said, text))


@cache
def _dotted_day(table: SpokenTable) -> re.Pattern[str]:
    # The other day of "24. und 31. Dezember" as well.
    other = r"(?:\w{1,10} \d{1,2}\. )?"
    return re.compile(
        rf"(\b[^\W\d]{{1,10}} |\b)(\d{{1,2}})\. (?={other}(?:{any_of(table.months)}))"
    )


def say_ranges(text: str, table: SpokenTable) -> str:
    """Return the text with "5 to 10", "Monday to Friday" and "120 over 80"."""
    if not table.words:
        return text
    days, to = table.days, table.words["to"]
    text = _day_range(table).sub(lambda m: f"{days[m[1]]} {to} {days[m[2]]}", text)
    text = _OVER.sub(rf"\1 {table.words['over']} \2", text)
    return _RANGE.sub(rf"\1 {to} ", text)


@cache
def _day_range(table: SpokenTable) -> re.Pattern[str]:
    day = f"({any_of(table.days)})"
    return re.compile(rf"\b{day}\.? ?- ?{day}\b\.?")


def say_times(text: str, table: SpokenTable) -> str:
    """Return the text with 10:05 as "10 oh 5" and 10:00 as "10 o'clock"."""
    if not table.times:
        return text

    def said(found: re.Match[str]) -> str:
        hour, minute, suffix = int(found[1]), int(found[2]), found[3]
        template = str(table.times[_kind(hour, minute, suffix)])
        spoken = template.format(hour=hour, minute=minute)
        return f"{spoken} {suffix}" if suffix and suffix not in template else spoken

    return _time(table).sub(said, text)


def _kind(hour: int, minute: int, suffix: str | None) -> str:
    if minute:
        return "small" if minute < 10 else "other"
    if suffix:
        return "full_with_suffix"
    return "full" if 1 <= hour <= 12 else "full_24"


@cache
def _time(table: SpokenTable) -> re.Pattern[str]:
    suffixes = any_of(table.times["suffixes"])
    return re.compile(
        r"(?<![\w:.,])([01]?\d|2[0-3])[:.]([0-5]\d)"
        rf"(?: ?({suffixes})\b|(?<=:\d\d)(?![\w:]))"  # a dot alone makes no time
    )
