from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.audio.segmenter import Event, Segmenter, SegmenterOptions
from voice.errors import SetupError

STEP = 0.05  # seconds a character stands for
PROBABILITY = {"#": 0.9, "-": 0.1, "~": 0.4, "e": 0.1}  # ~ is between the two thresholds

CASES = [
    # name, audio, events as "index:event" at the first character of each
    ("silence only", "-" * 100, ""),
    ("a click is no utterance", "---#-----", ""),
    ("speech starts after 0.1 s", "--##", "3:started"),
    ("a doubtful sound does not start one", "--~~~~~~~", ""),
    ("a doubtful sound goes on with one", "####" + "~" * 40, "1:started"),
    ("0.2 s of silence may be the end", "####----", "1:started 7:paused"),
    ("0.6 s of silence are the end", "####" + "-" * 12, "1:started 7:paused 15:ended"),
    ("speech after a pause goes on", "####-----##", "1:started 7:paused 9:resumed"),
    ("a short gap is not even a pause", "####---####", "1:started"),
    ("the recognizer may end it earlier", "####-----e", "1:started 7:paused 9:ended"),
    ("the recognizer cannot end speech", "####eee", "1:started"),
]


def events_of(segmenter: Segmenter, audio: str) -> str:
    happened = [
        (index, segmenter.process(STEP, PROBABILITY[mark], endpoint=mark == "e"))
        for index, mark in enumerate(audio)
    ]
    return " ".join(f"{index}:{event.value}" for index, event in happened if event != Event.NOTHING)


@pytest.mark.parametrize(("name", "audio", "expected"), CASES, ids=[case[0] for case in CASES])
def test_events(name: str, audio: str, expected: str) -> None:
    assert events_of(Segmenter(), audio) == expected


def test_gives_up_when_nobody_speaks() -> None:
    segmenter = Segmenter(SegmenterOptions(wait_seconds=1.0))
    assert events_of(segmenter, "-" * 20) == "19:gave_up"


def test_does_not_give_up_while_somebody_begins() -> None:
    segmenter = Segmenter(SegmenterOptions(wait_seconds=1.0))
    assert events_of(segmenter, "-" * 19 + "##") == "20:started"


def test_endless_speech_is_ended() -> None:
    segmenter = Segmenter(SegmenterOptions(utterance_seconds=2.0))
    assert events_of(segmenter, "#" * 40) == "1:started 39:ended"


def test_next_utterance_needs_no_new_segmenter() -> None:
    segmenter = Segmenter()
    first = events_of(segmenter, "####" + "-" * 12)
    segmenter.reset()
    assert events_of(segmenter, "####" + "-" * 12) == first


@pytest.mark.parametrize(
    "options",
    [
        {"speech_probability": 0.3, "silence_probability": 0.5},
        {"pause_seconds": 0.0},
        {"pause_seconds": 1.0, "silence_seconds": 0.5},
    ],
)
def test_options_that_contradict_themselves_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(SetupError):
        SegmenterOptions(**options)


@given(st.text("#-~e", max_size=200))
def test_every_utterance_starts_before_it_ends(audio: str) -> None:
    segmenter = Segmenter()
    inside = False
    for mark in audio:
        event = segmenter.process(STEP, PROBABILITY[mark], endpoint=mark == "e")
        assert event in ({Event.NOTHING, Event.STARTED} if not inside else set(Event)) - (
            {Event.STARTED} if inside else set()
        )
        inside = segmenter.in_utterance
