"""What the keys of a telephone mean, and which numbers it can dial."""

from __future__ import annotations

import re
from typing import Final

from voice.phrases import CHOICES, Phrases

MAX_OFFERED: Final = 3  # first, second and third
_KEYS: Final = {"1": "repeat", "0": "hand_off"}
_SPACING: Final = re.compile(r"[\s().\-/]+")
_TRUNK_ZERO: Final = "(0)"  # as in +44 (0)20: only dialled within the country
_NUMBER: Final = re.compile(r"\+?[0-9]{3,15}")


def key_command(digits: str, offered: int = 0) -> str:
    """Return the command or choice that keys stand for, when `offered` questions can be chosen.

    1 to 3 choose while something is offered; else 1 repeats, 0 hands off, all others ask for help.
    """
    choices = {str(place + 1): CHOICES[place] for place in range(offered)}
    return choices.get(digits) or _KEYS.get(digits, "help")


def connecting(phrases: Phrases) -> str:
    """Return what callers hear before they are connected: not how else to reach somebody."""
    return phrases.say["hand_off"].format(contact="").strip()


def dialable(phone: str) -> str | None:
    """Return a number as exchanges take it, without the spacing; None when it is none."""
    if phone.startswith("+"):
        phone = phone.replace(_TRUNK_ZERO, "")
    number = _SPACING.sub("", phone)
    return number if _NUMBER.fullmatch(number) else None
