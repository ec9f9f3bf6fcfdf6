from __future__ import annotations

from pathlib import Path

import pytest

from voice.errors import SetupError
from voice.models.memory import MEGABYTE, free_bytes, memory_fault, needed_bytes
from voice.settings import load_settings
from voice.stt import open_recognizer


def test_small_model_needs_little_and_unused_parts_nothing(tmp_path: Path) -> None:
    (tmp_path / "am").mkdir()
    (tmp_path / "rescore").mkdir()
    (tmp_path / "am" / "final.mdl").write_bytes(bytes(10 * MEGABYTE))
    small = needed_bytes(tmp_path)
    assert 100 * MEGABYTE < small < 130 * MEGABYTE
    (tmp_path / "rescore" / "G.carpa").write_bytes(bytes(50 * MEGABYTE))
    assert needed_bytes(tmp_path) == small


def test_limit_of_a_container_counts(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 9 kB\nMemAvailable:   2048000 kB\n")
    assert free_bytes(meminfo, tmp_path) == 2_048_000 * 1024
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("5000\n")
    assert free_bytes(meminfo, tmp_path) == 2_048_000 * 1024
    (tmp_path / "memory.max").write_text("105000\n")
    assert free_bytes(meminfo, tmp_path) == 100_000


def test_system_that_does_not_tell_refuses_nothing(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "nothing", tmp_path) is None
    assert memory_fault(tmp_path, None) is None


def test_model_that_does_not_fit_is_refused_with_the_reason(
    vosk_tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert memory_fault(vosk_tiny, 10 << 30) is None
    monkeypatch.setattr("voice.stt.free_bytes", lambda: 50 * MEGABYTE)
    settings = load_settings({"vosk_model": vosk_tiny, "stt": "vosk"})
    with pytest.raises(SetupError, match=r"needs about \d+ MB of memory and 50 MB are free"):
        open_recognizer(settings, "en", lambda: [])
