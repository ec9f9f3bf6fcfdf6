"""Recognize an utterance while it is spoken, and get its answer ready before it is quite over."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from voice.stt.protocol import Recognizer
from voice.types import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, AudioChunk, Transcript

T = TypeVar("T")
# Fed together: smaller pieces cost more and show words no sooner.
BATCH_BYTES: Final = int(0.128 * SAMPLE_RATE_HZ) * BYTES_PER_SAMPLE


@dataclass(frozen=True, slots=True)
class Heard(Generic[T]):
    """What was said, and what was made ready for it."""

    transcript: Transcript
    prepared: T


class LiveUtterance(Generic[T]):
    """One utterance; nothing but `end` waits for the recognizer, which works in `thread`."""

    def __init__(
        self,
        recognizer: Recognizer,
        deadline_seconds: float,
        prepare: Callable[[Transcript], T],
        thread: ThreadPoolExecutor,
    ) -> None:
        self._stream = recognizer.stream(deadline_seconds)
        self._prepare = prepare
        self._thread = thread  # a single one, so that calls keep their order
        self._unfed = bytearray()
        self._feeding: Future[None] | None = None
        self._guess: Future[Heard[T]] | None = None
        self.words = ""  # so far; may still change

    @property
    def endpoint(self) -> bool:
        """Return whether the engine itself believes that the utterance is over."""
        return self._stream.endpoint

    def add(self, chunk: AudioChunk) -> None:
        """Take the next audio (16 kHz)."""
        self._unfed += chunk.pcm
        is_fed = self._feeding is None or self._feeding.done()
        if self._guess is None and is_fed and len(self._unfed) >= BATCH_BYTES:
            self._feeding = self._thread.submit(self._feed, self._take())

    def pause(self) -> None:
        """Take it for over, until `resume`; engines that cannot go on from there wait for `end`."""
        if self._stream.repeats:
            self._guess = self._thread.submit(self._finish, self._take())
        else:
            self._feeding = self._thread.submit(self._feed, self._take())

    def resume(self) -> None:
        """Take back that it was over."""
        self._guess = None

    def end(self) -> Heard[T]:
        """Return what was said; raises DeadlineError, EngineError and what `prepare` raises."""
        guess = self._guess or self._thread.submit(self._finish, self._take())
        return guess.result()

    def close(self) -> None:
        """Give back what the utterance holds, when the recognizer is done with it."""
        self._thread.submit(self._stream.close)

    def _take(self) -> AudioChunk:
        chunk = AudioChunk(bytes(self._unfed))
        self._unfed.clear()
        return chunk

    def _feed(self, chunk: AudioChunk) -> None:
        if chunk.pcm:
            self.words = self._stream.accept(chunk)

    def _finish(self, chunk: AudioChunk) -> Heard[T]:
        self._feed(chunk)
        transcript = self._stream.finish()
        self.words = transcript.text
        return Heard(transcript, self._prepare(transcript))
