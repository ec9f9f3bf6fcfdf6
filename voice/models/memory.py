"""Whether a model fits into the memory that is free, before it is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MEGABYTE: Final = 1 << 20
# Measured: 3, 68 and 265 MB on disk take about 80, 300 and 550 MB when they decode.
_BASE_BYTES: Final = 100 * MEGABYTE
_FACTOR: Final = 1.8
_UNUSED: Final = ("rescore", "rnnlm")  # loaded by none of our recognizers
_CGROUP: Final = Path("/sys/fs/cgroup")


def needed_bytes(model: Path) -> int:
    """Return about how much memory a Vosk model takes when it is in use."""
    files = (file for file in model.rglob("*") if file.is_file())
    used = (file for file in files if not set(file.relative_to(model).parts) & set(_UNUSED))
    return _BASE_BYTES + int(_FACTOR * sum(file.stat().st_size for file in used))


def free_bytes(meminfo: Path = Path("/proc/meminfo"), cgroup: Path = _CGROUP) -> int | None:
    """Return the memory that can still be had, None where this system does not tell.

    In a container the container's own limit counts.
    """
    try:
        lines = dict(line.split(":", 1) for line in meminfo.read_text().splitlines())
        free = int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None
    try:
        limit = int((cgroup / "memory.max").read_text())
        return min(free, limit - int((cgroup / "memory.current").read_text()))
    except (OSError, ValueError):  # no limit is "max"
        return free


def memory_fault(model: Path, free: int | None) -> str | None:
    """Return why the model should not be loaded, in one line; None when it fits."""
    needed = needed_bytes(model)
    if free is None or needed <= free:
        return None
    return (
        f"{model.name} needs about {needed // MEGABYTE} MB of memory and {free // MEGABYTE} MB are "
        "free; take a smaller model (`voice models list`)"
    )
