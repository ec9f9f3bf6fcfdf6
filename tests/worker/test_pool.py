from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from voice.caller import Caller, as_caller
from voice.errors import BusyError, ClientGoneError, DeadlineError, EngineError, VoiceError
from voice.worker import Worker, WorkerDiedError, WorkerOptions, WorkerPool


@pytest.fixture(autouse=True)
def _services_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(WorkerOptions("services:open_echo", {"greeting": "hi"}))
    yield pool
    pool.stop()


def test_call_returns_header_and_payload(pool: WorkerPool) -> None:
    answer, payload = pool.call("echo", {"n": 1}, b"abc", deadline_seconds=10)
    assert (answer["greeting"], answer["n"], payload) == ("hi", 1, b"cba")


def test_payload_of_many_megabytes_passes(pool: WorkerPool) -> None:
    payload = os.urandom(1 << 20) * 30
    assert pool.call("echo", {}, payload, deadline_seconds=20)[1] == payload[::-1]


def test_what_a_library_prints_does_not_break_the_frames(pool: WorkerPool) -> None:
    pool.call("print", deadline_seconds=10)
    assert pool.call("echo", {"n": 2}, deadline_seconds=10)[0]["n"] == 2


def test_service_error_keeps_code_message_and_status(pool: WorkerPool) -> None:
    with pytest.raises(VoiceError, match="this is not audio") as caught:
        pool.call("refuse", deadline_seconds=10)
    assert (caught.value.code, caught.value.http_status) == ("bad_audio", 415)


def test_unexpected_error_is_an_engine_error_and_the_child_lives(pool: WorkerPool) -> None:
    pid = pool.call("echo", deadline_seconds=10)[0]["pid"]
    with pytest.raises(VoiceError, match="ZeroDivisionError: "):
        pool.call("break", deadline_seconds=10)
    assert pool.call("echo", deadline_seconds=10)[0]["pid"] == pid


def test_hung_call_is_killed_at_its_deadline_and_the_next_one_works(pool: WorkerPool) -> None:
    pool.start()
    started = time.monotonic()
    with pytest.raises(DeadlineError):
        pool.call("sleep", {"seconds": 60}, deadline_seconds=0.3)
    assert time.monotonic() - started < 5
    assert pool.call("echo", {"n": 3}, deadline_seconds=10)[0]["n"] == 3


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process")
def test_frozen_child_that_reads_nothing_is_killed_too(pool: WorkerPool) -> None:
    pid = pool.call("echo", deadline_seconds=10)[0]["pid"]
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(DeadlineError):
        pool.call("echo", {}, bytes(8 << 20), deadline_seconds=0.5, tries=1)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process")
def test_call_whose_child_hung_is_tried_once_more(pool: WorkerPool) -> None:
    pid = pool.call("echo", deadline_seconds=10)[0]["pid"]
    os.kill(pid, signal.SIGSTOP)
    answer, _ = pool.call("echo", {"n": 5}, deadline_seconds=12)
    assert answer["n"] == 5
    assert answer["pid"] != pid


def test_call_that_always_hangs_ends_at_its_deadline(pool: WorkerPool) -> None:
    pool.start()
    started = time.monotonic()
    with pytest.raises(DeadlineError):
        pool.call("sleep", {"seconds": 60}, deadline_seconds=1.5)
    assert 1.4 < time.monotonic() - started < 10


def test_warm_child_is_lent_again() -> None:
    pool = WorkerPool(WorkerOptions("services:open_echo"), size=3)
    try:
        pids = {pool.call("echo", deadline_seconds=10)[0]["pid"] for _ in range(4)}
    finally:
        pool.stop()
    assert len(pids) == 1


def test_who_left_gets_no_child(pool: WorkerPool) -> None:
    caller = Caller("a")
    caller.leave()
    with as_caller(caller), pytest.raises(ClientGoneError):
        pool.call("echo", deadline_seconds=10)
    assert [worker.pid for worker in pool._workers] == [None]


def test_call_whose_child_died_is_tried_once_more(pool: WorkerPool, tmp_path: Path) -> None:
    marker = str(tmp_path / "died")
    answer, _ = pool.call("die_once", {"marker": marker, "n": 4}, deadline_seconds=10)
    assert answer["n"] == 4


def test_call_that_always_dies_is_an_error(pool: WorkerPool) -> None:
    with pytest.raises(WorkerDiedError):
        pool.call("die", deadline_seconds=10)


def test_call_with_one_try_is_not_repeated(pool: WorkerPool, tmp_path: Path) -> None:
    with pytest.raises(WorkerDiedError):
        pool.call("die_once", {"marker": str(tmp_path / "m")}, deadline_seconds=10, tries=1)


def test_waiting_calls_survive_a_death(pool: WorkerPool) -> None:
    pid = pool.call("echo", deadline_seconds=10)[0]["pid"]
    results: list[int] = []

    def call(n: int) -> None:
        results.append(pool.call("sleep", {"seconds": 0.1, "n": n}, deadline_seconds=30)[0]["n"])

    threads = [threading.Thread(target=call, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    os.kill(pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    for thread in threads:
        thread.join()
    assert sorted(results) == [0, 1, 2, 3, 4]


def test_lease_of_a_busy_pool_is_refused_in_time(pool: WorkerPool) -> None:
    with pool.lease(1.0), pytest.raises(BusyError), pool.lease(0.05):
        pytest.fail("the only worker was lent twice")


def test_service_that_does_not_open_says_why_each_time() -> None:
    worker = Worker(WorkerOptions("services:open_broken"))
    for _ in range(2):
        with pytest.raises(VoiceError, match="its library is missing"):
            worker.call("echo", deadline_seconds=10)
    assert worker.pid is None


def test_children_end_with_the_pool(pool: WorkerPool) -> None:
    pid = pool.call("echo", deadline_seconds=10)[0]["pid"]
    pool.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 always looks there")
def test_the_users_folder_is_not_searched_for_modules(
    pool: WorkerPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "queue", "wave"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not mine')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert pool.call("echo", {"n": 1}, deadline_seconds=10)[0]["n"] == 1


def test_children_hold_none_of_our_secrets(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_SECRET_KEYS", "swordfish")
    answer, _ = pool.call("echo", deadline_seconds=10)
    assert "PYTHONPATH" in answer["names"]
    assert not [name for name in answer["names"] if name.startswith("VOICE_")]


def test_closed_pool_starts_no_child_any_more(pool: WorkerPool) -> None:
    pool.start()
    call = threading.Thread(target=_call_in_vain, args=(pool,))
    call.start()
    time.sleep(0.2)
    pool.stop()
    call.join()
    assert [worker.pid for worker in pool._workers] == [None]


def _call_in_vain(pool: WorkerPool) -> None:
    with pytest.raises(VoiceError):
        pool.call("sleep", {"seconds": 30}, deadline_seconds=40)


def test_no_process_to_be_had_is_an_engine_error(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(EngineError, match="no process can be started"):
        pool.call("echo", deadline_seconds=5)
