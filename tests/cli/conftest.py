"""Run the program: in this process where that is enough, else as a person or a script would."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from voice.cli.app import run

PROGRAM = [sys.executable, "-m", "voice"]


class Done(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(scope="session")
def program() -> list[str]:
    return PROGRAM


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def environment(home: Path) -> dict[str, str]:
    """Return an environment without the owner's settings, in which only text works."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VOICE_")}
    return {**clean, "VOICE_HOME": str(home), "VOICE_TTS": "off", "VOICE_STT": "off"}


@pytest.fixture(scope="module")
def voice(environment: dict[str, str], home: Path) -> Run:
    """Return a function that runs the real program to its end."""

    def run_program(*arguments: str | Path, given: bytes = b"", **settings: str) -> Done:
        done = subprocess.run(
            [*PROGRAM, *arguments],
            input=given,
            capture_output=True,
            env={**environment, **settings},
            cwd=home,
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run_program


@pytest.fixture
def here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> Iterator[Run]:
    """Return a function that does the same in this process, for what needs none of its own."""
    log = logging.getLogger()
    before = log.handlers, log.level
    monkeypatch.chdir(home)

    def run_here(*arguments: str | Path, given: bytes = b"", **settings: str) -> Done:
        only_text = {"VOICE_HOME": str(home), "VOICE_TTS": "off", "VOICE_STT": "off"}
        for name, value in {**only_text, **settings}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
        return Done(run([str(argument) for argument in arguments]), *capsys.readouterr())

    yield run_here
    log.handlers, log.level = before
    logging.getLogger("voice").setLevel(logging.NOTSET)


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
