"""Cut live sound into utterances and hear each of them while it is spoken."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from voice.audio.detector import WINDOW_SECONDS, Piece, SpeechDetector
from voice.audio.gate import MIN_SPEECH_WINDOWS, SPEECH_PROBABILITY
from voice.audio.segmenter import Event, Segmenter, SegmenterOptions
from voice.stt.live import Heard, LiveUtterance
from voice.stt.protocol import Recognizer
from voice.types import AudioChunk, Transcript

T = TypeVar("T")
# Kept from before speech was found; words begin softer than they are detected.
BEFORE_SECONDS: Final = 0.4
# An utterance may take its own length and this until it is recognized.
PATIENCE_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Moment(Generic[T]):
    """What is known after another 32 ms of sound."""

    event: Event
    time: float  # when that was decided; monotonic seconds
    level_db: float  # over full scale; 0 is the loudest there is
    words: str = ""  # of the utterance so far, may still change
    seconds: float = 0.0  # since the utterance began
    heard: Heard[T] | None = None  # the utterance that has ended; None too when it was but noise


class Listener(Generic[T]):
    """Hear one stream of sound; what `prepare` makes of each transcript comes with it.

    `prepare` runs in another thread and may be called for utterances that then go on: it must be
    free of side effects.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        prepare: Callable[[Transcript], T],
        options: SegmenterOptions | None = None,
    ) -> None:
        self._recognizer = recognizer
        self._prepare = prepare
        self._options = options or SegmenterOptions()
        self._segmenter = Segmenter(self._options)
        self._detector = SpeechDetector()
        start = round((BEFORE_SECONDS + self._options.start_seconds) / WINDOW_SECONDS) + 1
        self._before: deque[Piece] = deque(maxlen=start)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hearing")
        self._utterance: LiveUtterance[T] | None = None
        self._windows = 0  # of the utterance, and ...
        self._speech_windows = 0  # ... those of them that are speech

    def process(self, chunk: AudioChunk) -> Iterator[Moment[T]]:
        """Take the next sound (16 kHz) and yield what comes of it.

        Waits for the recognizer only when an utterance has ended. Raises BusyError, DeadlineError
        and EngineError; the listener then waits for the next utterance.
        """
        for piece in self._detector.process(chunk):
            utterance = self._utterance
            endpoint = utterance is not None and utterance.endpoint
            event = self._segmenter.process(WINDOW_SECONDS, piece.probability, endpoint=endpoint)
            now = time.monotonic()
            try:
                heard = self._follow(event, piece)
            except BaseException:
                self.reset()
                raise
            words = utterance.words if utterance else ""
            seconds = self._windows * WINDOW_SECONDS
            yield Moment(event, now, piece.level_db, words, seconds, heard)

    def end(self) -> Heard[T] | None:
        """End the utterance now; None when there is none, or nothing but noise."""
        utterance, self._utterance = self._utterance, None
        is_speech = self._speech_windows >= MIN_SPEECH_WINDOWS
        self._segmenter.reset()
        self._before.clear()
        if utterance is None:
            return None
        try:
            return utterance.end() if is_speech else None
        finally:
            utterance.close()

    def reset(self) -> None:
        """Forget the utterance and the sound so far."""
        utterance, self._utterance = self._utterance, None
        if utterance is not None:
            utterance.close()
        self._segmenter.reset()
        self._detector.reset()
        self._before.clear()

    def close(self) -> None:
        """End the listener's thread; what it still does comes to nothing."""
        self.reset()
        self._thread.shutdown(wait=False)

    def _follow(self, event: Event, piece: Piece) -> Heard[T] | None:
        if event is Event.STARTED:
            self._begin()
        if self._utterance is None:
            self._before.append(piece)
        else:
            self._add(piece)
        if self._utterance is not None and event is Event.PAUSED:
            self._utterance.pause()
        if self._utterance is not None and event is Event.RESUMED:
            self._utterance.resume()
        if event is Event.GAVE_UP:
            self._segmenter.reset()
        return self.end() if event is Event.ENDED else None

    def _begin(self) -> None:
        self._windows = self._speech_windows = 0
        patience = self._options.utterance_seconds + PATIENCE_SECONDS
        self._utterance = LiveUtterance(self._recognizer, patience, self._prepare, self._thread)
        for piece in self._before:
            self._add(piece)

    def _add(self, piece: Piece) -> None:
        self._windows += 1
        self._speech_windows += piece.probability >= SPEECH_PROBABILITY
        if self._utterance is not None:
            self._utterance.add(piece.chunk)
