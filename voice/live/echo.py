"""Tell the assistant's own words, come back through the microphone, from a person's."""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz

# A loudspeaker may lag behind what was reckoned; a person needs a moment to react.
ECHO_SECONDS: Final = 3.0
MIN_WORDS: Final = 3  # shorter ones are choices and commands; "the second" was said before, too
MIN_LIKENESS: Final = 75.0  # 0-100; echoes are heard badly
_TAIL: Final = 1.5  # of its length: an echo is how the speech ended


def is_echo(heard: str, said: str, seconds_since: float) -> bool:
    """Return whether `heard` is the end of what was `said`; both normalized.

    `seconds_since` is from the end of the speech to the beginning of what was heard.
    """
    if seconds_since > ECHO_SECONDS or len(heard.split()) < MIN_WORDS:
        return False
    tail = said[-round(len(heard) * _TAIL) :]
    return fuzz.partial_ratio(heard, tail) >= MIN_LIKENESS
