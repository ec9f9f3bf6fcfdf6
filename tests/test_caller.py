from __future__ import annotations

import threading
import time
from concurrent.futures import Future

import pytest

from voice.caller import Caller, as_caller, current
from voice.errors import ClientGoneError


def test_the_caller_is_known_inside_and_forgotten_after() -> None:
    outside = current()
    with as_caller(Caller("a")):
        assert current().name == "a"
        with as_caller(Caller("b")):
            assert current().name == "b"
        assert current().name == "a"
    assert current() is outside


def test_whoever_sits_at_the_machine_never_leaves() -> None:
    current().check()
    assert not current().is_gone


def test_other_threads_work_for_others() -> None:
    names: list[str] = []
    with as_caller(Caller("a")):
        thread = threading.Thread(target=lambda: names.append(current().name))
        thread.start()
        thread.join()
    assert names == ["local"]


def test_who_left_is_not_worked_for() -> None:
    caller = Caller("a")
    caller.check()
    caller.leave()
    caller.leave()
    assert caller.is_gone
    with pytest.raises(ClientGoneError) as caught:
        caller.check()
    assert caught.value.http_status == 499


def test_waiting_ends_with_the_result() -> None:
    future: Future[int] = Future()
    threading.Timer(0.05, future.set_result, (7,)).start()
    assert Caller("a").wait(future, 10) == 7


def test_waiting_ends_in_time() -> None:
    with pytest.raises(TimeoutError):
        Caller("a").wait(Future[int](), 0.01)


def test_leaving_ends_the_waiting_at_once() -> None:
    caller = Caller("a")
    threading.Timer(0.05, caller.leave).start()
    started = time.monotonic()
    with pytest.raises(ClientGoneError):
        caller.wait(Future[int](), 60)
    assert time.monotonic() - started < 10


def test_seconds_count_from_when_it_was_asked() -> None:
    assert Caller("a").seconds_left(5) == 5
    assert Caller("a", time.monotonic() - 2).seconds_left(5) == pytest.approx(3, abs=0.5)
    assert Caller("a", time.monotonic() - 9).seconds_left(5) < 0
