"""Hear recordings of minutes: piece by piece, each word at its own time in the recording."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from typing import Final

import numpy as np

from voice.audio.gate import Span
from voice.errors import DeadlineError
from voice.types import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, AudioChunk, Segment, Transcript

# Long enough for any sentence; engines take more memory and time for each second of longer ones.
PIECE_SECONDS: Final = 30.0
SEARCH_SECONDS: Final = 10.0  # a piece ends where its last seconds are quietest
STEP_SECONDS: Final = 0.1  # judged together as quiet or loud
THREADS: Final = 2  # pieces heard side by side: more would shut out everybody else's questions

# Both are given 16 kHz audio and the seconds that are left for it.
FindSpeech = Callable[[AudioChunk, float], Sequence[Span]]
Hear = Callable[[AudioChunk, float], Transcript]


def transcribe_pieces(
    audio: AudioChunk, find_speech: FindSpeech, hear: Hear, deadline: float
) -> tuple[Segment, ...]:
    """Return the stretches of speech in 16 kHz audio that words were heard in, in order.

    Raises DeadlineError when it is not done at `deadline` (monotonic), and what `find_speech` and
    `hear` raise.
    """

    def seconds_left() -> float:
        left = deadline - time.monotonic()
        if left <= 0:
            raise DeadlineError("no time is left")
        return left

    def hear_piece(span: Span) -> list[Segment]:
        seconds_left()
        piece = _between(audio, span)
        return [
            _segment(hear(_between(piece, speech), seconds_left()), speech, span.start_seconds)
            for speech in find_speech(piece, seconds_left())
        ]

    with ThreadPoolExecutor(THREADS, thread_name_prefix="transcribing") as threads:
        # Each thread works for the caller of this one.
        hearing = [threads.submit(copy_context().run, hear_piece, span) for span in pieces(audio)]
        try:
            found = [segment for each in hearing for segment in each.result()]
        except DeadlineError as error:
            late = f"{audio.seconds:.0f} s of audio were not heard in time"
            raise DeadlineError(f"{late}; send it in shorter parts") from error
        finally:
            threads.shutdown(cancel_futures=True)
    return tuple(segment for segment in found if segment.text)


def pieces(audio: AudioChunk) -> list[Span]:
    """Return the audio cut into pieces of PIECE_SECONDS at most, between words where it can be."""
    starts = [0.0]
    while audio.seconds - starts[-1] > PIECE_SECONDS:
        latest = starts[-1] + PIECE_SECONDS
        starts.append(_quietest(audio, Span(latest - SEARCH_SECONDS, latest)))
    return [Span(*ends) for ends in zip(starts, [*starts[1:], audio.seconds], strict=True)]


def _quietest(audio: AudioChunk, span: Span) -> float:
    """Return the middle of the quietest STEP_SECONDS of a span, in seconds."""
    step = round(STEP_SECONDS * SAMPLE_RATE_HZ)
    samples = np.frombuffer(_between(audio, span).pcm, "<i2").astype(np.float32)
    steps = samples[: len(samples) - len(samples) % step].reshape(-1, step)
    quietest = int(np.argmin(np.square(steps).mean(axis=1)))
    return span.start_seconds + (quietest + 0.5) * STEP_SECONDS


def _between(audio: AudioChunk, span: Span) -> AudioChunk:
    first, end = (
        round(seconds * SAMPLE_RATE_HZ) * BYTES_PER_SAMPLE
        for seconds in (span.start_seconds, span.end_seconds)
    )
    return AudioChunk(audio.pcm[first:end])


def _segment(heard: Transcript, speech: Span, piece_start: float) -> Segment:
    """Return what was heard in a stretch of a piece, at its time in the whole audio."""
    start = piece_start + speech.start_seconds
    best = heard.hypotheses[0] if heard.hypotheses else None
    words = tuple(
        replace(
            word,
            start_seconds=word.start_seconds + start,
            end_seconds=word.end_seconds + start,
        )
        for word in (best.words if best else ())
    )
    end = piece_start + speech.end_seconds
    return Segment(start, end, heard.text, words, best.confidence if best else None)
