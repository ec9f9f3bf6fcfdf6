"""What every synthesizer can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from voice.errors import InputError
from voice.types import Speech

MAX_TEXT_CHARACTERS: Final = 20_000
RATES: Final = (60, 400)  # words a minute, least and most


@dataclass(frozen=True, slots=True)
class VoiceOptions:
    """How to speak: a voice by name, words a minute, loudness 0-1."""

    voice: str | None = None  # None: the engine's best voice of `locale`
    locale: str = "en"
    rate: int = 165
    volume: float = 1.0


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """One voice that can speak here."""

    name: str  # what the setting `voice` takes
    locales: tuple[str, ...]
    engine: str


class Synthesizer(Protocol):
    """An engine that turns text to speech, shared by all callers."""

    name: str  # "pyttsx3"
    version: str  # engine, driver and its version: part of the cache's key

    def synthesize(self, text: str, options: VoiceOptions, deadline_seconds: float) -> Speech:
        """Return the text as a whole WAV; raises DeadlineError, EngineError, InputError."""

    def voices(self) -> list[VoiceInfo]:
        """Return the voices there are."""

    def close(self) -> None:
        """Let go of child processes."""


def check_length(text: str) -> None:
    """Raise InputError when the text is longer than a synthesizer takes."""
    if len(text) > MAX_TEXT_CHARACTERS:
        raise InputError(f"the text has over {MAX_TEXT_CHARACTERS:,} characters", http_status=413)
