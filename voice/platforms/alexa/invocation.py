"""The name that people open the skill with, by Amazon's rules for such names."""

from __future__ import annotations

import re
from typing import Any, Final

from voice.errors import InputError
from voice.faq import Faq
from voice.platforms.alexa.wording import SkillWording

LENGTH: Final = (2, 50)  # characters
WAKE_WORDS: Final = ("alexa", "amazon", "echo", "computer", "skill", "app")

# A word, possibly with a possessive, or a letter of an abbreviation: "a. b. c."
_WORD: Final = re.compile(r"[^\W\d_]+('[^\W\d_]+|')?|[^\W\d_]\.")


def invocation_name(faq: Faq, wording: SkillWording) -> str:
    """Return the FAQ's platforms.alexa.invocation_name; raises InputError with what is wrong.

    Not checked: whether it is only somebody's name or a place's.
    """
    name = faq.platforms.get("alexa", {}).get("invocation_name")
    fault = _fault(name, wording)
    if fault:
        raise InputError(f"platforms.alexa.invocation_name {fault}")
    return str(name)


def _fault(name: Any, wording: SkillWording) -> str | None:
    if not isinstance(name, str):
        return 'is missing in the FAQ: two or more words that open the skill, as "acme help desk"'
    words = name.split(" ")
    forbidden = [word for word in _forbidden(wording) if f" {word} " in f" {name} "]
    least, most = LENGTH
    checks = (
        (least <= len(name) <= most, f"must have {least} to {most} characters"),
        (name == name.lower(), "must be in lower case"),
        (
            all(map(_WORD.fullmatch, words)),
            "may hold letters, single spaces, apostrophes and dots of abbreviations (a. b.) only; "
            "numbers are spelled out",
        ),
        (len(words) > 1, "must have two words or more (Amazon lets only brands have one)"),
        (not forbidden, f"must not hold {', '.join(map(repr, forbidden))}"),
        (
            len(words) != 2 or not set(words) & set(wording.small),
            "of two words must not have an article or a preposition",
        ),
    )
    return next((fault for is_right, fault in checks if not is_right), None)


def _forbidden(wording: SkillWording) -> tuple[str, ...]:
    return (*WAKE_WORDS, *wording.launch, *wording.connecting)
