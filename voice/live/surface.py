"""What a conversation at the microphone needs of the terminal."""

from __future__ import annotations

from typing import Protocol

from voice.types import Reply


class Screen(Protocol):
    """Where the conversation is shown."""

    def hearing(self, level_db: float, words: str) -> None:
        """Show how loud it is, and the words so far."""

    def state(self, text: str) -> None:
        """Show what is going on."""

    def reply(self, reply: Reply) -> None:
        """Show a reply."""

    def notice(self, text: str) -> None:
        """Say in one line what the person should know."""


class Keys(Protocol):
    """The keyboard."""

    def pressed(self) -> str | None:
        """Return the next key that was pressed, None when there is none; never waits."""
