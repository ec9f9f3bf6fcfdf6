"""What a check finds, and what checks hand to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from voice.faq import Faq
from voice.phrases import Phrases
from voice.settings import Settings
from voice.types import AudioChunk, Speech

# "warn": something is not there, and questions are answered all the same; "fail": they are not.
State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that works here, or how to mend it."""

    name: str
    state: State
    detail: str
    mend: str = ""


@dataclass(slots=True)
class Patient:
    """The machine being examined; earlier checks leave here what later ones can use."""

    settings: Settings
    faq: Faq | None = None
    phrases: Phrases | None = None
    speech: Speech | None = None  # the FAQ's first question
    audio: AudioChunk | None = None  # the same after the decoder

    @property
    def locale(self) -> str:
        """Return the language that is spoken and heard here."""
        return self.faq.locale if self.faq else self.settings.locale or "en"

    def wordings(self) -> list[str]:
        """Return what the recognizer is to expect."""
        asked = self.faq.phrases if self.faq else ()
        return [*asked, *(self.phrases.spoken_wordings() if self.phrases else ())]


Examination = Callable[[Patient], Iterator[Check]]
