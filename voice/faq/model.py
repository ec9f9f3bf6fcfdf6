"""The FAQ as values: one file, its header, its entries and its own test cases."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from voice.faq.ids import with_ids

MAX_ENTRIES: Final = 20_000
MAX_WORDINGS: Final = 100_000  # variants and hear_as of all entries together
MAX_ID: Final = 100  # characters, as the next two
MAX_WORDING: Final = 500
MAX_TEXT: Final = 20_000
UNKNOWN: Final = "unknown"  # what a case expects when the FAQ must not answer

# No synthesizer says these: control characters, halves of characters, the sign of a wrong decoding.
_UNSPEAKABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")
_SPOKEN: Final = re.compile(r"[^\W_]")


def _speakable(text: str) -> str:
    """Return text if it can be said; raises ValueError otherwise."""
    found = _UNSPEAKABLE.search(text)
    if found:
        raise ValueError(f"character U+{ord(found.group()):04X} cannot be spoken")
    if not _SPOKEN.search(text):
        raise ValueError("has no letter or digit, so that nothing can be spoken")
    return text


def _one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


# Any text of 1 to 100 characters, none of them a control character.
EntryId = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_ID, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")
]
Wording = Annotated[
    str,
    BeforeValidator(_one_line),
    StringConstraints(min_length=1, max_length=MAX_WORDING),
    AfterValidator(_speakable),
]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT),
    AfterValidator(_speakable),
]
Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_WORDING)
]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Contact(_Model):
    """Who to turn to when the FAQ cannot help."""

    say: Text
    phone: Label | None = None
    email: Label | None = None
    url: Label | None = None


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

    @model_validator(mode="after")
    def _check_dates(self) -> FaqEntry:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("until is before from")
        return self

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return every wording that is compared with, once: the question, then its variants."""
        wordings: dict[str, str] = {}
        for wording in (self.question, *self.variants):
            wordings.setdefault(wording.casefold(), wording)
        return tuple(wordings.values())

    def is_valid_on(self, day: date) -> bool:
        """Return whether the entry counts on that day; both ends are included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class Case(_Model):
    """Something people say, and the entry it must reach, or "unknown"."""

    say: Text
    expect: EntryId


class Faq(_Model):
    """One FAQ file.

    An entry without an id gets a slug of its question. What concerns several entries (the same
    wording twice, ids) is checked where a file is read, see voice.faq.clashes.
    """

    version: Literal[1] = 1
    name: Label | None = None
    title: Text
    locale: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    greeting: Text | None = None
    notice: Text | None = None  # said once a conversation
    contact: Contact | None = None
    caution: Literal["low", "normal", "high"] = "normal"
    platforms: dict[str, dict[str, Any]] = Field(default_factory=dict)
    entries: tuple[FaqEntry, ...] = Field(min_length=1, max_length=MAX_ENTRIES)
    cases: tuple[Case, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _name_entries(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("entries"), list | tuple):
            return {**data, "entries": with_ids(data["entries"])}
        return data

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return every wording of every entry."""
        return tuple(phrase for entry in self.entries for phrase in entry.phrases)

    def entry(self, entry_id: str) -> FaqEntry | None:
        """Return the entry of that id."""
        return next((entry for entry in self.entries if entry.id == entry_id), None)
