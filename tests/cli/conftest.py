"""Run the real program, as a person or a script would."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from voice.cli.app import run

PROGRAM = [sys.executable, "-m", "voice"]
Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(scope="session")
def program() -> list[str]:
    return PROGRAM


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def environment(home: Path) -> dict[str, str]:
    """Return an environment without the owner's settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VOICE_")}
    return {**clean, "VOICE_HOME": str(home), "VOICE_TTS": "off", "VOICE_STT": "off"}


@pytest.fixture(scope="module")
def voice(environment: dict[str, str], home: Path) -> Run:
    """Return a function that runs the program to its end."""

    def run_program(
        *arguments: str | bytes | Path, given: bytes = b"", **settings: str
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*PROGRAM, *arguments],
            input=given,
            capture_output=True,
            env={**environment, **settings},
            cwd=home,
            timeout=120,
            check=False,
        )

    return run_program


@pytest.fixture
def start(environment: dict[str, str], home: Path) -> Iterator[Start]:
    """Return a function that starts the program; what still runs at the end is killed."""
    running: list[subprocess.Popen[bytes]] = []

    def start_program(*arguments: str | Path, **settings: str) -> subprocess.Popen[bytes]:
        running.append(
            subprocess.Popen(
                [*PROGRAM, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**environment, **settings},
                cwd=home,
            )
        )
        return running[-1]

    yield start_program
    for process in running:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            with contextlib.suppress(OSError):  # what could not be written is of no interest
                pipe.close()


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs the program in this process: for help and wrong use."""

    def run_here(*arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return run_here
