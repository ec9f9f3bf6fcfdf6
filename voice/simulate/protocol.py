"""What every simulated caller does: hold one conversation as the platform's own cloud would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back for one turn."""

    speech: str  # what a caller would hear, as plain text
    ended: bool = False  # the conversation is over
    sent: str = ""  # the raw exchange, to look at
    received: str = ""


class Caller(Protocol):
    """One conversation over a real socket, signed with test keys.

    Every method raises EngineError for an answer that the platform would not accept, with what is
    wrong with it, and SetupError when the server cannot be reached or refuses.
    """

    def start(self) -> Heard | None:
        """Open the conversation and return the greeting; None where the platform has none."""

    def say(self, text: str) -> Heard:
        """Say something and return what is heard; empty text is silence."""

    def close(self) -> None:
        """Hang up; tells the server where the platform would."""
