"""Text made fit to be heard: no marks, no signs, nothing that is only short on paper."""

from __future__ import annotations

import re
from typing import Final

from voice.tts.spoken_addresses import say_addresses
from voice.tts.spoken_amounts import say_amounts, say_units
from voice.tts.spoken_marks import Rules, applied, paused, unmarked
from voice.tts.spoken_numbers import say_dates, say_phones, say_ranges, say_times
from voice.tts.spoken_table import load_table
from voice.tts.spoken_words import say_abbreviations, say_symbols

_AS_WRITTEN: Final = (say_addresses, say_dates, say_phones)  # they need dashes and brackets
_AS_PAUSED: Final = (
    say_ranges,
    say_abbreviations,
    say_times,
    say_amounts,
    say_units,
    say_symbols,
)
_TIDY: Final[Rules] = (
    (re.compile(r"\s+"), " "),
    (re.compile(r" (?=[,.;:!?])"), ""),
    (re.compile(r"([!?])[!?.,]*"), r"\1"),
)
_STOPS: Final = re.compile(r"[,;:.]{2,}")
_EDGES: Final = " ,;:"


def speakable(text: str, locale: str = "en") -> str:
    """Return the text on one line as an engine should say it; "" when there is no word in it.

    What each sign and abbreviation is called stands in data/speech/<language>.yaml; for a language
    without such a file only marks are removed, addresses shortened and phone numbers grouped.
    """
    table = load_table(locale)
    text = unmarked(text)
    for rule in _AS_WRITTEN:
        text = rule(text, table)
    text = paused(text)
    for rule in _AS_PAUSED:
        text = rule(text, table)
    text = _STOPS.sub(_strongest, applied(_TIDY, text)).lstrip(_EDGES + ".!?").rstrip(_EDGES)
    return text if any(map(str.isalnum, text)) else ""


def _strongest(stops: re.Match[str]) -> str:
    return "." if "." in stops[0] else stops[0][-1]
