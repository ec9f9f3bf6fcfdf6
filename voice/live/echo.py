"""Tell the assistant's own words, come back through the microphone, from a person's."""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz

# An echo goes on where the microphone was opened again; a person needs a moment to react, and may
# well choose what was offered last in the same words.
ECHO_SECONDS: Final = 1.5
MIN_WORDS: Final = 3  # shorter ones are choices and commands; "the second" was said before, too
MIN_LIKENESS: Final = 70.0  # 0-100; echoes are heard badly


def is_echo(heard: str, said: str, seconds_since: float) -> bool:
    """Return whether `heard` is the end of what was `said`; both normalized.

    `seconds_since` is from the end of the speech to the beginning of what was heard.
    """
    if seconds_since > ECHO_SECONDS or len(heard.split()) < MIN_WORDS:
        return False
    return fuzz.ratio(heard, said[-len(heard) :]) >= MIN_LIKENESS
