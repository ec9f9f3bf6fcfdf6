from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable

import pytest

from voice.caller import Caller, as_caller, current
from voice.errors import BusyError, ClientGoneError, DeadlineError, EngineError
from voice.stt import slots as slots_module
from voice.stt.slots import Slots


@pytest.fixture(autouse=True)
def _no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots_module, "_GRACE_SECONDS", 0.0)


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def lose(slots: Slots, work: Callable[[], bool]) -> None:
    with pytest.raises(DeadlineError):
        slots.run(work, 0.05)


def test_work_is_done_for_the_caller_who_asked() -> None:
    with as_caller(Caller("a")):
        assert Slots(1).run(lambda: current().name, 10) == "a"


def test_errors_come_through_and_the_slot_is_free_again() -> None:
    slots = Slots(1)

    def fail() -> None:
        raise EngineError("broken")

    for _ in range(3):
        with pytest.raises(EngineError, match="broken"):
            slots.run(fail, 10)
    assert slots.ready()


def test_late_calls_are_abandoned_and_their_slots_lost_until_they_return() -> None:
    slots = Slots(2)
    event = threading.Event()
    lose(slots, event.wait)
    assert slots.ready()
    assert slots.run(lambda: 7, 10) == 7
    lose(slots, event.wait)
    assert not slots.ready()
    with pytest.raises(BusyError, match="hangs"):
        slots.run(lambda: 7, 10)
    event.set()
    wait_until(slots.ready)
    assert slots.run(lambda: 7, 10) == 7


def test_a_late_call_is_not_lost_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots_module, "_GRACE_SECONDS", 60.0)
    slots = Slots(1)
    event = threading.Event()
    lose(slots, event.wait)
    assert slots.ready()
    threading.Timer(0.05, event.set).start()
    assert slots.run(lambda: 7, 10) == 7


def test_a_busy_slot_is_waited_for_and_not_lost() -> None:
    slots = Slots(1)
    running = threading.Thread(target=lambda: slots.run(lambda: time.sleep(0.3), 10))
    running.start()
    time.sleep(0.05)
    assert slots.ready()
    with pytest.raises(BusyError, match="at once"):
        slots.run(lambda: 7, 0.01)
    assert slots.run(lambda: 7, 10) == 7
    running.join()


def test_who_leaves_while_waiting_costs_nothing() -> None:
    slots = Slots(1)
    event = threading.Event()
    done: list[str] = []
    first = threading.Thread(target=lambda: slots.run(event.wait, 10))
    first.start()
    time.sleep(0.05)
    caller = Caller("a")
    threading.Timer(0.05, caller.leave).start()
    with as_caller(caller), pytest.raises(ClientGoneError):
        slots.run(lambda: done.append("a"), 10)
    event.set()
    first.join()
    slots.run(lambda: done.append("b"), 10)
    assert done == ["b"]


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no niceness of their own here")
def test_calls_step_back_and_their_caller_does_not() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    own = niceness()
    assert Slots(1).run(niceness, 10) == min(max(own, 10), 19)
    assert niceness() == own


def test_no_more_calls_at_once_than_slots() -> None:
    slots = Slots(2)
    lock = threading.Lock()
    at_once: list[int] = []
    running = 0

    def work() -> None:
        nonlocal running
        with lock:
            running += 1
            at_once.append(running)
        time.sleep(0.02)
        with lock:
            running -= 1

    threads = [threading.Thread(target=slots.run, args=(work, 20)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(at_once) == 8
    assert max(at_once) == 2


def test_a_thread_that_cannot_be_started_loses_no_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    slots = Slots(1)

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        with pytest.raises(EngineError, match="no thread can be started"):
            slots.run(lambda: 7, 10)
    assert slots.run(lambda: 7, 10) == 7
