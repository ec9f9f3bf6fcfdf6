"""What every recognizer can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from voice.types import AudioChunk, HearingModel, Transcript

# Gives the FAQ's wording when asked; recognizers do not know where it comes from.
Phrases = Callable[[], Sequence[str]]


class RecognizerStream(Protocol):
    """One utterance being recognized."""

    repeats: bool  # finish() may be called, more audio given, and finish() called again
    endpoint: bool  # whether the engine itself believes that the utterance is over

    def accept(self, chunk: AudioChunk) -> str:
        """Take the next audio (16 kHz) and return the partial text so far."""

    def finish(self, audio_seconds: float | None = None) -> Transcript:
        """End the utterance and return its transcript.

        `audio_seconds` is the length of the whole audio where silence was cut before.
        Raises DeadlineError or EngineError.
        """

    def close(self) -> None:
        """Give back what the utterance holds; finished or not, any number of times."""


class Recognizer(Protocol):
    """An engine with its model loaded, shared by all callers."""

    name: str  # as in Transcript.engine: "vosk", "pocketsphinx"

    def stream(self, deadline_seconds: float, model: HearingModel = "faq") -> RecognizerStream:
        """Start an utterance; raises BusyError when no recognizer gets free in time.

        An engine that cannot be biased hears the same with either model.
        """

    def close(self) -> None:
        """Let go of models and child processes."""
