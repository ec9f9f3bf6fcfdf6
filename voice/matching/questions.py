"""What the matcher needs to know of an FAQ, wherever it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol


class Entry(Protocol):
    """One question with all its wordings."""

    @property
    def id(self) -> str:
        """Return the name by which a match tells it."""

    @property
    def question(self) -> str:
        """Return its canonical wording."""

    @property
    def phrases(self) -> Sequence[str]:
        """Return the question and its variants."""

    @property
    def hear_as(self) -> Sequence[str]:
        """Return wordings that count for spoken turns only."""

    @property
    def urgent(self) -> bool:
        """Return whether it is answered before all others and never asked back."""

    def is_valid_on(self, day: date) -> bool:
        """Return whether it counts on that day."""


class Questions(Protocol):
    """The entries of one FAQ, in one language."""

    @property
    def entries(self) -> Sequence[Entry]:
        """Return the entries, in any order."""

    @property
    def locale(self) -> str:
        """Return their language tag."""
