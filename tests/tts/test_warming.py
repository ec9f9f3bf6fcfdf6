import logging
import threading
import time
from collections.abc import Callable

import pytest

from voice.errors import EngineError, InputError
from voice.tts.warming import Warmer


def wait_for(condition: Callable[[], bool], seconds: float = 3.0) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    assert condition()


def test_texts_are_made_in_order_also_when_added_later() -> None:
    made: list[str] = []
    warmer = Warmer(made.append)
    warmer.add(["a", "b"])
    wait_for(lambda: made == ["a", "b"])
    warmer.add(iter(["c"]))
    wait_for(lambda: made == ["a", "b", "c"])
    warmer.stop()


def test_callers_go_first() -> None:
    made: list[str] = []
    warmer = Warmer(made.append)
    with warmer.foreground():
        with warmer.foreground():
            warmer.add(["a"])
        time.sleep(0.05)
        assert not made
    wait_for(lambda: made == ["a"])
    warmer.stop()


def test_stop_waits_for_what_has_begun_only() -> None:
    made: list[str] = []
    begun = threading.Event()

    def make(text: str) -> None:
        begun.set()
        time.sleep(0.1)
        made.append(text)

    warmer = Warmer(make)
    warmer.add(["a", "b", "c"])
    begun.wait()
    warmer.stop()
    assert made == ["a"]
    warmer.add(["d"])
    time.sleep(0.05)
    assert made == ["a"]


def test_stop_does_not_wait_for_callers() -> None:
    warmer = Warmer(lambda text: None)
    with warmer.foreground():
        warmer.add(["a"])
        start = time.monotonic()
        warmer.stop()
    assert time.monotonic() - start < 0.5


def test_a_bad_text_is_told_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    made: list[str] = []

    def make(text: str) -> None:
        if "bad" in text:
            raise InputError("nothing to say")
        made.append(text)

    warmer = Warmer(make)
    with caplog.at_level(logging.WARNING):
        warmer.add(["a", "bad", "bad too", "b"])
        wait_for(lambda: made == ["a", "b"])
    warmer.stop()
    assert [record.getMessage() for record in caplog.records] == [
        "an answer cannot be spoken: nothing to say"
    ]


def test_a_broken_engine_ends_it(caplog: pytest.LogCaptureFixture) -> None:
    made: list[str] = []

    def make(text: str) -> None:
        made.append(text)
        raise EngineError("broken")

    warmer = Warmer(make)
    with caplog.at_level(logging.WARNING):
        warmer.add(["a", "b", "c"])
        wait_for(lambda: "warm-speech" not in {thread.name for thread in threading.enumerate()})
    assert made == ["a"]
    assert [record.getMessage() for record in caplog.records] == [
        "answers are not spoken ahead: broken"
    ]
