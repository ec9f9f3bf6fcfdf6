"""What a confined process may still do; each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux has all the limits")

ROOT = Path(__file__).parents[2]


def run(code: str) -> subprocess.CompletedProcess[str]:
    setup = "import socket, os, time\nfrom voice.audio.confine import allow_cpu, confine\n"
    return subprocess.run(
        [sys.executable, "-c", setup + code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "attempt",
    ["open('/etc/hosts')", "open('new', 'w')", "socket.socket()", "os.pipe()", "os.dup(1)"],
)
def test_nothing_can_be_opened(attempt: str) -> None:
    done = run(f"confine(64)\ntry:\n    {attempt}\nexcept OSError:\n    print('refused')")
    assert done.stdout == "refused\n", done.stderr


def test_open_pipes_stay_usable() -> None:
    assert run("confine(64)\nprint('still here')").stdout == "still here\n"


def test_memory_is_limited() -> None:
    code = (
        "confine(64)\nbytes(32 << 20)\ntry:\n    bytes(96 << 20)\nexcept MemoryError:\n    print(1)"
    )
    assert run(code).stdout == "1\n"


def test_lower_limits_of_the_system_stay() -> None:
    code = "import resource\nkinds = resource.RLIMIT_AS, resource.RLIMIT_CPU\n"
    code += "for kind in kinds: resource.setrlimit(kind, (1 << 29, 1 << 29))\n"
    code += "confine(100_000)\nallow_cpu(1 << 40)\n"
    code += "print([resource.getrlimit(kind) == (1 << 29, 1 << 29) for kind in kinds])"
    assert run(code).stdout == "[True, True]\n"


SPIN = "end = time.process_time() + {}\nwhile time.process_time() < end: pass\n"


@pytest.mark.slow
def test_processor_time_is_limited() -> None:
    assert run("allow_cpu(0)\n" + SPIN.format(4)).returncode < 0


@pytest.mark.slow
def test_processor_time_counts_anew() -> None:
    assert run(("allow_cpu(1)\n" + SPIN.format(0.8)) * 4 + "print('done')").stdout == "done\n"
