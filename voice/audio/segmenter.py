"""Endpointing: decide where an utterance starts and ends, from speech decisions alone.

A pure state machine: it sees no audio, no clock and no thread, only how likely each piece of audio
is speech, how long it lasts, and whether the recognizer believes that the utterance is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from voice.errors import SetupError


class Event(Enum):
    """What happened with the piece of audio just given."""

    NOTHING = "nothing"
    STARTED = "started"  # an utterance began; what was heard shortly before belongs to it
    PAUSED = "paused"  # perhaps the end: worth recognizing already, may be taken back
    RESUMED = "resumed"  # it was not the end
    ENDED = "ended"  # the utterance is over
    GAVE_UP = "gave_up"  # nobody spoke in time


@dataclass(frozen=True, slots=True)
class SegmenterOptions:
    """How long things take; all in seconds but the two probabilities (0-1)."""

    speech_probability: float = 0.5  # at least this is speech
    silence_probability: float = 0.35  # below this speech has stopped; between, it goes on
    start_seconds: float = 0.1  # of speech in a row that begin an utterance
    pause_seconds: float = 0.2  # of silence that may be the end
    silence_seconds: float = 0.6  # of silence that are the end
    endpoint_seconds: float = 0.3  # of silence that are, if the recognizer says so too
    utterance_seconds: float = 20.0  # after which an utterance is ended in any case
    wait_seconds: float | None = None  # for speech to begin; None waits for ever

    def __post_init__(self) -> None:
        if not 0 <= self.silence_probability <= self.speech_probability <= 1:
            raise SetupError("silence_probability must be at most speech_probability, both 0 to 1")
        if not 0 < self.pause_seconds <= self.silence_seconds:
            raise SetupError("pause_seconds must be over 0 and at most silence_seconds")


class Segmenter:
    """Follow one utterance at a time; `reset` before the next."""

    def __init__(self, options: SegmenterOptions | None = None) -> None:
        self._options = options or SegmenterOptions()
        self.reset()

    def reset(self) -> None:
        """Wait for an utterance again."""
        self._in_utterance = False
        self._is_speech = False
        self._speech_seconds = 0.0  # in a row, while waiting
        self._silence_seconds = 0.0  # in a row, within an utterance
        self._seconds = 0.0  # since the wait or the utterance began

    @property
    def in_utterance(self) -> bool:
        """Return whether an utterance has begun and not ended."""
        return self._in_utterance

    def process(self, seconds: float, probability: float, *, endpoint: bool = False) -> Event:
        """Take the next piece of audio and return what happened.

        `seconds` is its length, `probability` how likely it is speech (0-1), and `endpoint` whether
        the recognizer believes that the utterance is over.
        """
        options = self._options
        enough = options.silence_probability if self._is_speech else options.speech_probability
        self._is_speech = probability >= enough
        self._seconds += seconds
        if self._in_utterance:
            return self._within(seconds, endpoint)
        return self._waiting(seconds)

    def _waiting(self, seconds: float) -> Event:
        options = self._options
        self._speech_seconds = self._speech_seconds + seconds if self._is_speech else 0.0
        if self._speech_seconds >= options.start_seconds:
            self._in_utterance = True
            self._silence_seconds = 0.0
            self._seconds = self._speech_seconds
            return Event.STARTED
        waited = options.wait_seconds is not None and self._seconds >= options.wait_seconds
        return Event.GAVE_UP if waited and not self._is_speech else Event.NOTHING

    def _within(self, seconds: float, endpoint: bool) -> Event:
        options = self._options
        was_paused = self._silence_seconds >= options.pause_seconds
        self._silence_seconds = 0.0 if self._is_speech else self._silence_seconds + seconds
        enough = options.endpoint_seconds if endpoint else options.silence_seconds
        if self._silence_seconds >= enough or self._seconds >= options.utterance_seconds:
            self._in_utterance = False
            return Event.ENDED
        if was_paused and self._is_speech:
            return Event.RESUMED
        if not was_paused and self._silence_seconds >= options.pause_seconds:
            return Event.PAUSED
        return Event.NOTHING
