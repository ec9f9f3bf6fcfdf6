from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from voice.caller import Caller, as_caller
from voice.errors import ClientGoneError
from voice.worker.turns import Turns


def test_things_are_lent_and_given_back() -> None:
    turns = Turns(["a", "b"])
    assert {turns.take(0), turns.take(0)} == {"a", "b"}
    with pytest.raises(TimeoutError):
        turns.take(0.01)
    turns.give("b")
    assert turns.take(0) == "b"


def test_a_caller_in_a_loop_keeps_nobody_waiting() -> None:
    turns = Turns(["a"])
    taken: list[int] = []

    def loop(caller: int) -> None:
        for _ in range(30):
            thing = turns.take(5)
            taken.append(caller)
            time.sleep(0.001)
            turns.give(thing)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(loop, range(3)))
    assert len(taken) == 90
    middle = taken[10:60]  # when all three are at it
    assert max(middle.count(caller) for caller in range(3)) <= 20


def test_who_gave_up_is_not_handed_anything() -> None:
    turns = Turns(["a"])
    turns.take(0)
    with pytest.raises(TimeoutError):
        turns.take(0.01)
    turns.give("a")
    assert turns.take(0) == "a"


def test_nothing_is_lost_when_time_runs_out_at_the_handing_over() -> None:
    turns = Turns(["a"])
    failures = 0

    def hurried() -> None:
        nonlocal failures
        for _ in range(300):
            try:
                thing = turns.take(0.0005)
            except TimeoutError:
                failures += 1
                continue
            time.sleep(0.0004)
            turns.give(thing)

    threads = [threading.Thread(target=hurried) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures
    assert turns.take(1) == "a"


def queue_up(turns: Turns[str], names: str, served: list[str]) -> list[threading.Thread]:
    """Let a caller after the other wait; each notes its name when its turn comes."""

    def wait_turn(name: str) -> None:
        with as_caller(Caller(name)):
            thing = turns.take(20)
        served.append(name)
        turns.give(thing)

    threads = []
    for place, name in enumerate(names):
        threads.append(threading.Thread(target=wait_turn, args=(name,)))
        threads[-1].start()
        while len(turns._waiting) <= place:
            time.sleep(0.001)
    return threads


def test_a_greedy_caller_does_not_keep_others_waiting() -> None:
    turns = Turns(["a"])
    served: list[str] = []
    thing = turns.take(0)
    threads = queue_up(turns, "gggggabb", served)
    turns.give(thing)
    for thread in threads:
        thread.join()
    assert "".join(served) == "gabgbggg"


def test_who_leaves_frees_the_place_at_once() -> None:
    turns = Turns(["a"])
    turns.take(0)
    caller = Caller("a")
    threading.Timer(0.05, caller.leave).start()
    started = time.monotonic()
    with as_caller(caller), pytest.raises(ClientGoneError):
        turns.take(60)
    assert time.monotonic() - started < 10
    turns.give("a")
    assert turns.take(0) == "a"


def test_who_has_left_gets_nothing() -> None:
    turns = Turns(["a"])
    caller = Caller("a")
    caller.leave()
    with as_caller(caller), pytest.raises(ClientGoneError):
        turns.take(1)
    assert turns.take(0) == "a"


def test_the_thing_given_back_last_is_lent_first() -> None:
    turns = Turns(["a", "b", "c"])
    first, second = turns.take(0), turns.take(0)
    turns.give(second)
    turns.give(first)
    assert turns.take(0) == first
