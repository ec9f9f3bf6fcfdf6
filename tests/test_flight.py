import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from voice.caller import Caller, as_caller
from voice.errors import ClientGoneError, DeadlineError, EngineError
from voice.flight import SingleFlight


def test_it_is_made_once_for_all_who_wait() -> None:
    flights: SingleFlight[int] = SingleFlight()
    made: list[str] = []

    def make(key: str) -> int:
        made.append(key)
        time.sleep(0.1)
        return len(made)

    keys = ["a"] * 5 + ["b"] * 5
    with ThreadPoolExecutor(10) as threads:
        results = list(threads.map(lambda key: flights.run(key, lambda _: make(key), 5), keys))
    assert sorted(made) == ["a", "b"]
    assert len(set(results[:5])) == len(set(results[5:])) == 1
    assert flights.run("a", lambda _: make("a"), 5) == 3  # made anew, later


def test_a_failure_is_shared() -> None:
    flights: SingleFlight[int] = SingleFlight()
    calls = 0

    def fail(left: float) -> int:
        nonlocal calls
        calls += 1
        time.sleep(0.1)
        raise EngineError("broken")

    def ask(_: int) -> str:
        with pytest.raises(EngineError, match="broken") as raised:
            flights.run("a", fail, 5)
        return str(raised.value)

    with ThreadPoolExecutor(5) as threads:
        assert list(threads.map(ask, range(5))) == ["broken"] * 5
    assert calls == 1
    assert flights.run("a", lambda _: 7, 5) == 7


def test_who_has_more_time_takes_over() -> None:
    flights: SingleFlight[str] = SingleFlight()
    started = threading.Event()

    def impatient(left: float) -> str:
        started.set()
        time.sleep(0.1)
        raise DeadlineError("too late")

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(flights.run, "a", impatient, 0.1)
        started.wait()
        second = threads.submit(flights.run, "a", lambda left: f"{left:.0f}", 9.4)
        with pytest.raises(DeadlineError, match="too late"):
            first.result()
        assert second.result() == "9"


def test_who_has_less_time_does_not_wait() -> None:
    flights: SingleFlight[str] = SingleFlight()
    started, ended = threading.Event(), threading.Event()

    def slow(left: float) -> str:
        started.set()
        ended.wait(5)
        return "made"

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(flights.run, "a", slow, 5)
        started.wait()
        with pytest.raises(DeadlineError, match=r"longer than 0\.1 s"):
            flights.run("a", slow, 0.1)
        ended.set()
        assert first.result() == "made"


def test_an_interrupt_stays_with_its_thread() -> None:
    flights: SingleFlight[str] = SingleFlight()
    started = threading.Event()

    def interrupted(left: float) -> str:
        started.set()
        time.sleep(0.1)
        raise KeyboardInterrupt

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(flights.run, "a", interrupted, 5)
        started.wait()
        second = threads.submit(flights.run, "a", lambda _: "made", 5)
        assert isinstance(first.exception(), KeyboardInterrupt)
        assert second.result() == "made"


def test_another_takes_over_from_who_left() -> None:
    flights: SingleFlight[str] = SingleFlight()
    started = threading.Event()

    def leaving(left: float) -> str:
        started.set()
        time.sleep(0.1)
        raise ClientGoneError

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(flights.run, "a", leaving, 5)
        started.wait()
        assert flights.run("a", lambda _: "made", 5) == "made"
        with pytest.raises(ClientGoneError):
            first.result()


def test_who_leaves_waits_for_no_flight() -> None:
    flights: SingleFlight[str] = SingleFlight()
    started, end = threading.Event(), threading.Event()

    def slow(left: float) -> str:
        started.set()
        end.wait(10)
        return "made"

    caller = Caller("a")
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(flights.run, "a", slow, 20)
        started.wait()
        threading.Timer(0.05, caller.leave).start()
        with as_caller(caller), pytest.raises(ClientGoneError):
            flights.run("a", slow, 20)
        assert not first.done()
        end.set()
        assert first.result() == "made"
