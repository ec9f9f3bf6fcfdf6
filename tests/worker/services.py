"""Services that the worker tests run in real children."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from voice.errors import AudioError


def open_echo(greeting: str = "hello") -> Any:
    """Return a service that echoes, sleeps, dies, prints, or fails when told."""

    def service(method: str, arguments: dict[str, Any], payload: bytes) -> Any:
        if method == "sleep":
            time.sleep(arguments["seconds"])
        elif method == "die":
            os._exit(3)
        elif method == "die_once":
            return _die_once(arguments["marker"])
        elif method == "print":
            print("noise on standard output")
            sys.stdout.flush()
        elif method == "refuse":
            raise AudioError("this is not audio", http_status=415)
        elif method == "break":
            raise ZeroDivisionError("by nothing")
        return {"greeting": greeting, "pid": os.getpid(), **arguments}, payload[::-1]

    return service


def _die_once(marker: str) -> Any:
    if not os.path.exists(marker):
        with open(marker, "w"):
            pass
        os._exit(3)
    return {"survived": True}, b""


def open_broken() -> Any:
    """Fail to open, as an engine does whose library is missing."""
    raise OSError("its library is missing")
