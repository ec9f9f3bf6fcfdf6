"""The README's own command, in the checkout's own environment."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (ROOT / ".venv").is_dir() or sys.platform == "win32",
        reason="needs the environment that script/test makes, and POSIX signals",
    ),
]

Start = Callable[..., tuple["subprocess.Popen[str]", str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return a function that runs script/run until it serves: the process and its address."""
    running: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "script" / "run"), "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "VOICE_HOME": str(tmp_path), "VOICE_DRAIN_SECONDS": "0"},
        )
        running.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"Serving on (http://\S+)", line):
                return process, found[1]
        raise AssertionError("it never served")

    yield run
    for process in running:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_run_serves_and_ends_as_the_server_does(start: Start, sent: int, code: int) -> None:
    process, address = start("--offline")
    with urllib.request.urlopen(f"{address}/health/ready", timeout=10) as response:
        assert response.status == 200
    process.send_signal(sent)
    assert process.wait(20) == code


def test_no_download_is_tried_when_it_is_switched_off(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_DOWNLOAD", "off")
    start()
    assert not (tmp_path / "models").exists()
