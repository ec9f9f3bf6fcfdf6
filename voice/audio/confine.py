"""Take from this process what reading a stranger's file never needs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

if sys.platform != "win32":
    import resource

MEGABYTE: Final = 1 << 20
_STATM: Final = Path("/proc/self/statm")


def confine(memory_mb: int) -> None:
    """Allow this process no new file or socket, no core dump and only so much more memory.

    Everything must be imported before. Pipes that are open stay usable. Does nothing on Windows;
    memory is limited on Linux only, where the present size is known.
    """
    if sys.platform == "win32":
        return
    if _STATM.exists():
        pages = int(_STATM.read_text().split()[0])
        limit = _allowed(resource.RLIMIT_AS, pages * resource.getpagesize() + memory_mb * MEGABYTE)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def allow_cpu(seconds: float) -> None:
    """Let the system end this process after so much more processor time; nothing on Windows."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (_allowed(resource.RLIMIT_CPU, limit), hard))


def _allowed(kind: int, limit: int) -> int:
    """Return the limit, or the lower one that this process was started with."""
    if sys.platform == "win32":
        return limit
    _, hard = resource.getrlimit(kind)
    return limit if hard == resource.RLIM_INFINITY else min(limit, hard)
