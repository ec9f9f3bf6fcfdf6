"""What is kept of strangers is bounded: conversations, sound on its way, calls that wait."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from voice.errors import AudioError, BusyError, DeadlineError
from voice.platforms.wyoming.conversations import (
    KEPT_SECONDS,
    MAX_CONVERSATIONS,
    Conversations,
)
from voice.platforms.wyoming.threads import WAITING_EACH, Threads
from voice.platforms.wyoming.utterance import MAX_BYTES, SoundBudget, SoundFormat, Utterance

MONO = SoundFormat(16_000, 2, 1)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_conversations_are_forgotten_in_time() -> None:
    clock = Clock()
    kept = Conversations(clock)
    kept.keep("old", "1")
    clock.now = KEPT_SECONDS / 2
    kept.keep("new", "2")
    assert kept.token("old") == "1"
    clock.now = KEPT_SECONDS
    assert (kept.token("old"), kept.token("new")) == (None, "2")
    kept.keep("new", "3")
    clock.now = KEPT_SECONDS * 1.9
    assert kept.token("new") == "3"


def test_only_the_latest_conversations_are_kept() -> None:
    kept = Conversations()
    for number in range(MAX_CONVERSATIONS):
        kept.keep(str(number), "token")
    kept.keep("0", "again")
    kept.keep("one more", "token")
    assert kept.token("0") == "again"
    assert kept.token("1") is None
    assert kept.token("2") == "token"


def test_all_utterances_together_take_only_so_much() -> None:
    budget = SoundBudget(1000)
    first, second = Utterance(MONO, budget), Utterance(MONO, budget)
    first.add(bytes(800), MONO)
    with pytest.raises(BusyError):
        second.add(bytes(400), MONO)
    first.close()
    first.close()
    second.add(bytes(400), MONO)
    assert budget.left == 600


def test_an_utterance_of_many_channels_is_bounded_in_bytes() -> None:
    wide = SoundFormat(768_000, 4, 8)
    utterance = Utterance(wide, SoundBudget())
    utterance.add(bytes(MAX_BYTES), wide)
    with pytest.raises(AudioError, match="8 MB"):
        utterance.add(b"1", wide)


def test_calls_beyond_the_queue_are_refused_at_once_and_late_ones_given_up() -> None:
    release = threading.Event()

    async def calls() -> list[BaseException | None]:
        threads = Threads(1, "test")
        running = [
            asyncio.create_task(threads.run(0.3, release.wait, 20)) for _ in range(1 + WAITING_EACH)
        ]
        await asyncio.sleep(0)
        started = time.monotonic()
        with pytest.raises(BusyError):
            await threads.run(20, time.monotonic)
        assert time.monotonic() - started < 5
        await asyncio.wait(running)
        with pytest.raises(BusyError):  # the thread still has them
            await threads.run(20, time.monotonic)
        release.set()
        while True:
            try:
                await threads.run(20, time.monotonic)
                break
            except BusyError:
                await asyncio.sleep(0.01)
        threads.close()
        return [task.exception() for task in running]

    assert all(isinstance(error, DeadlineError) for error in asyncio.run(calls()))


def test_what_fails_too_late_is_nobodys_trouble(caplog: pytest.LogCaptureFixture) -> None:
    release = threading.Event()

    def fail() -> None:
        release.wait(20)
        raise RuntimeError("late")

    async def call() -> None:
        threads = Threads(1, "test")
        with pytest.raises(DeadlineError):
            await threads.run(0.05, fail)
        release.set()
        await threads.run(20, time.monotonic)
        threads.close()

    asyncio.run(call())
    assert caplog.text == ""
