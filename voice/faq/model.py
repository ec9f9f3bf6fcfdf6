"""The FAQ as values: one file, its header, its entries and its own test cases."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

# 1 to 100 characters, none of them a control character.
EntryId = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")
]
Wording = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Contact(_Model):
    """Who to turn to when the FAQ cannot help."""

    say: Text
    phone: str | None = None
    email: str | None = None
    url: str | None = None


class FaqEntry(_Model):
    """One question with its other wordings and its answer."""

    id: EntryId
    question: Wording
    variants: tuple[Wording, ...] = ()
    answer: Text
    more: Text | None = None  # said only when asked for
    related: tuple[EntryId, ...] = ()
    hear_as: tuple[Wording, ...] = ()  # how recognizers tend to mishear its words
    urgent: bool = False  # tried first, never asked back
    valid_from: date | None = Field(None, alias="from")
    valid_until: date | None = Field(None, alias="until")

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return every wording that is compared with: the question, then its variants."""
        return (self.question, *self.variants)

    def is_valid_on(self, day: date) -> bool:
        """Return whether the entry counts on that day; both ends are included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class Case(_Model):
    """Something people say, and the entry it must reach, or "unknown"."""

    say: Text
    expect: str


class Faq(_Model):
    """One FAQ file."""

    version: Literal[1] = 1
    name: str | None = None
    title: Text
    locale: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    greeting: Text | None = None
    notice: Text | None = None  # said once a conversation
    contact: Contact | None = None
    caution: Literal["low", "normal", "high"] = "normal"
    platforms: dict[str, dict[str, Any]] = Field(default_factory=dict)
    entries: tuple[FaqEntry, ...] = Field(min_length=1)
    cases: tuple[Case, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return every wording of every entry."""
        return tuple(phrase for entry in self.entries for phrase in entry.phrases)

    def entry(self, entry_id: str) -> FaqEntry | None:
        """Return the entry of that id."""
        return next((entry for entry in self.entries if entry.id == entry_id), None)
