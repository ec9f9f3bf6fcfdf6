"""Services that the worker tests run in real children."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from voice.errors import AudioError


def open_echo(greeting: str = "hello") -> Any:
    """Return a service that echoes, and first sleeps, dies, prints, or fails when told."""
    actions = {
        "sleep": lambda arguments: time.sleep(arguments["seconds"]),
        "die": lambda _: os._exit(3),
        "die_once": _die_once,
        "print": lambda _: print("noise on standard output", flush=True),
        "refuse": _refuse,
        "break": lambda _: 1 // 0,
    }

    def service(method: str, arguments: dict[str, Any], payload: bytes) -> Any:
        if method in actions:
            actions[method](arguments)
        about = {"greeting": greeting, "pid": os.getpid(), "names": sorted(os.environ)}
        return {**about, **arguments}, payload[::-1]

    return service


def _die_once(arguments: dict[str, Any]) -> None:
    marker = Path(arguments["marker"])
    if not marker.exists():
        marker.touch()
        os._exit(3)


def _refuse(arguments: dict[str, Any]) -> None:
    raise AudioError("this is not audio", http_status=415)


def open_broken() -> Any:
    """Fail to open, as an engine does whose library is missing."""
    raise OSError("its library is missing")
