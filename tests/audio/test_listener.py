"""Utterances cut out of live sound and recognized while they are spoken."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from voice.audio.listener import Listener, Moment
from voice.audio.segmenter import Event, SegmenterOptions
from voice.errors import EngineError
from voice.stt.pocketsphinx import PocketSphinxRecognizer
from voice.stt.vosk import VoskRecognizer
from voice.types import AudioChunk, Transcript

SECOND = 16_000
PHRASES = ["is it bad if your spine cracks", "can i bring my dog"]


@pytest.fixture(scope="module")
def vosk(vosk_tiny) -> Iterator[VoskRecognizer]:
    recognizer = VoskRecognizer(vosk_tiny)
    yield recognizer
    recognizer.close()


@pytest.fixture
def make_listener(vosk):
    made = []

    def make(recognizer=vosk, prepare=lambda transcript: transcript.text.upper(), **options):
        made.append(Listener(recognizer, prepare, SegmenterOptions(**options)))
        return made[-1]

    yield make
    for listener in made:
        listener.close()


@pytest.fixture
def spoken(speak, as_chunk):
    """Return a maker of sound: texts are spoken, numbers are seconds of silence."""

    def make(*parts: str | float) -> AudioChunk:
        sounds = [
            speak(part) if isinstance(part, str) else np.zeros(int(part * SECOND), np.float32)
            for part in parts
        ]
        return as_chunk(np.concatenate(sounds))

    return make


def listen(listener: Listener[str], chunk: AudioChunk, seconds: float = 0.1) -> list[Moment[str]]:
    """Return what comes of the sound, given in small chunks and faster than it was spoken."""
    size = int(seconds * SECOND) * 2
    moments = []
    for start in range(0, len(chunk.pcm), size):
        moments += listener.process(AudioChunk(chunk.pcm[start : start + size]))
        time.sleep(0.005)
    return moments


def heard(moments: list[Moment[str]]) -> list[str]:
    return [moment.heard.transcript.text for moment in moments if moment.heard is not None]


def events(moments: list[Moment[str]]) -> list[Event]:
    return [moment.event for moment in moments if moment.event is not Event.NOTHING]


def test_two_questions_are_two_utterances(make_listener, spoken):
    moments = listen(
        make_listener(),
        spoken(0.5, "is it bad if your spine cracks", 1.0, "can i bring my dog", 1.0),
    )
    assert heard(moments) == ["is it bad if your spine cracks", "can i bring my dog"]
    assert [m.heard.prepared for m in moments if m.heard] == [t.upper() for t in heard(moments)]


def test_words_come_while_it_is_spoken(make_listener, spoken):
    moments = listen(make_listener(), spoken(0.5, "is it bad if your spine cracks", 1.0))
    before = [m.words for m in moments if m.heard is None and m.words]
    assert before
    assert "is it bad".startswith(before[0][:5])
    ended = next(m for m in moments if m.heard)
    assert 1.5 < ended.seconds < 4.0


def test_a_pause_within_a_question_does_not_end_it(make_listener, spoken):
    moments = listen(make_listener(), spoken(0.5, "is it bad", 0.1, "if your spine cracks", 1.0))
    assert len(heard(moments)) == 1
    assert heard(moments)[0].startswith("is it bad")
    assert heard(moments)[0].endswith("cracks")


def test_knocks_and_noise_are_not_heard(make_listener, as_chunk):
    sound = np.random.default_rng(1).normal(0, 0.02, 4 * SECOND).astype(np.float32)
    sound[SECOND : SECOND + 800] += 0.7
    sound[2 * SECOND : 2 * SECOND + 300] -= 0.7
    assert heard(listen(make_listener(), as_chunk(sound))) == []


def test_it_gives_up_when_nobody_speaks(make_listener):
    moments = listen(make_listener(wait_seconds=1.0), AudioChunk(bytes(3 * SECOND * 2)))
    assert events(moments)[0] is Event.GAVE_UP


def test_it_can_be_ended_at_once(make_listener, spoken):
    listener = make_listener()
    listen(listener, spoken(0.3, "is it bad if your spine cracks"))
    ended = listener.end()
    assert ended is not None
    assert ended.transcript.text == "is it bad if your spine cracks"
    assert listener.end() is None


def test_after_a_reset_nothing_is_left(make_listener, spoken):
    listener = make_listener()
    listen(listener, spoken(0.3, "can i bring my dog"))
    listener.reset()
    assert heard(listen(listener, spoken(0.5, "is it bad if your spine cracks", 1.0))) == [
        "is it bad if your spine cracks"
    ]


def test_what_prepare_raises_is_raised_and_the_next_is_heard(make_listener, spoken):
    def prepare(transcript: Transcript) -> str:
        if "dog" in transcript.text:
            raise EngineError("no dogs")
        return "fine"

    listener = make_listener(prepare=prepare)
    with pytest.raises(EngineError, match="no dogs"):
        listen(listener, spoken(0.3, "can i bring my dog", 1.0))
    assert heard(listen(listener, spoken(0.5, "is it bad if your spine cracks", 1.0))) == [
        "is it bad if your spine cracks"
    ]


@pytest.mark.slow
def test_an_engine_that_may_repeat_is_ready_before_the_end(settings, make_listener, spoken):
    prepared: list[tuple[float, str]] = []

    def prepare(transcript: Transcript) -> str:
        prepared.append((time.monotonic(), transcript.text))
        return transcript.text

    recognizer = PocketSphinxRecognizer(settings, lambda: PHRASES)
    try:
        listener = make_listener(recognizer, prepare, silence_seconds=1.5)
        sound = spoken(0.5, "is it bad", 0.4, "if your spine cracks", 2.5)
        moments = []
        size = SECOND // 10 * 2
        for start in range(0, len(sound.pcm), size):
            moments += listener.process(AudioChunk(sound.pcm[start : start + size]))
            time.sleep(0.1)
    finally:
        recognizer.close()
    (ended,) = [m for m in moments if m.heard]
    assert events(moments) == [
        *(Event.STARTED, Event.PAUSED, Event.RESUMED, Event.PAUSED, Event.ENDED)
    ]
    assert len(prepared) == 2, "it was got ready at each pause and not again at the end"
    assert prepared[-1][0] < ended.time
    assert ended.heard.prepared == prepared[-1][1]
    assert len(prepared[0][1]) < len(prepared[1][1])
