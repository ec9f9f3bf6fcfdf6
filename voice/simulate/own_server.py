"""A server of our own in a process of its own, which trusts one platform's test keys."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from voice.errors import SetupError
from voice.settings import PREFIX

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 10.0
# For this machine alone, whatever else runs on it; nobody who calls it sends sound.
_ALWAYS: Final = {
    f"{PREFIX}HOST": "127.0.0.1",
    f"{PREFIX}PORT": "0",
    f"{PREFIX}WYOMING_URI": "",
    f"{PREFIX}STT": "off",
    f"{PREFIX}DRAIN_SECONDS": "0",
}
_MAX_COMPLAINT: Final = 300


@contextmanager
def own_server(trusting: Mapping[str, object], log: Path) -> Iterator[str]:
    """Serve with these settings on top of the user's own, and yield the address.

    Raises SetupError with the server's own complaint when it does not start.
    """
    named = {f"{PREFIX}{name.upper()}": _as_text(value) for name, value in trusting.items()}
    environment = {**os.environ, **_ALWAYS, **named}
    command = [sys.executable, "-m", "voice", "serve", "--testing"]
    with log.open("w", encoding="utf-8") as errors:
        server = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        yield _address(server, log)
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        assert server.stdout is not None
        server.stdout.close()


def _address(server: subprocess.Popen[str], log: Path) -> str:
    """Return the address that the server tells once it is ready."""
    assert server.stdout is not None
    killer = threading.Timer(START_SECONDS, server.kill)
    killer.start()
    try:
        words = server.stdout.readline().split()
    finally:
        killer.cancel()
    address = next((word for word in words if "://" in word), None)
    if address is None:
        last = (log.read_text(encoding="utf-8").splitlines() or ["it said nothing"])[-1]
        raise SetupError(
            f"no server to try it with: {last.removeprefix('voice: ')[:_MAX_COMPLAINT]}"
        )
    return address


def _as_text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
