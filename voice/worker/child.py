"""The child's side: open one service, answer calls until the parent goes away."""

from __future__ import annotations

import importlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, Final

from voice.errors import EngineError, VoiceError
from voice.worker.frames import Frame, read_frame, write_frame

_PIPE_BYTES: Final = 1 << 20  # the most that a Linux user may ask for

Service = Callable[[str, dict[str, Any], bytes], Frame]


def serve() -> None:
    """Answer frames on standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    for pipe in (0, 1):
        _widen(pipe)
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get among the frames
    calls: queue.SimpleQueue[Frame] = queue.SimpleQueue()
    threading.Thread(target=_read_calls, args=(sys.stdin.buffer, calls), daemon=True).start()
    service: Service | None = None
    while True:
        header, payload = calls.get()
        answer: dict[str, Any] = {}
        body = b""
        try:
            if service is None:
                service = _open(header)
            else:
                answer, body = service(header["method"], header["arguments"], payload)
        except Exception as error:
            answer, body = {"error": _describe(error)}, b""
        write_frame(output, answer, body)


def _widen(pipe: int) -> None:
    """Let a whole answer's audio wait in the pipe: each refill costs both processes a turn."""
    with suppress(ImportError, AttributeError, OSError):  # Linux only, and not without limit
        fcntl = importlib.import_module("fcntl")
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _open(header: dict[str, Any]) -> Service:
    if hasattr(os, "nice"):
        os.nice(int(header["niceness"]))
    module, _, factory = header["service"].partition(":")
    service: Service = getattr(importlib.import_module(module), factory)(**header["arguments"])
    return service


def _read_calls(pipe: IO[bytes], calls: queue.SimpleQueue[Frame]) -> None:
    while True:
        try:
            calls.put(read_frame(pipe))
        except (EOFError, OSError, ValueError):
            os._exit(0)  # the parent is gone; native code may be busy and never return


def _describe(error: Exception) -> dict[str, Any]:
    if isinstance(error, VoiceError):
        return {"code": error.code, "message": error.message, "http_status": error.http_status}
    message = f"{type(error).__name__}: {error}"
    return {"code": "engine", "message": message, "http_status": EngineError.http_status}


if __name__ == "__main__":
    serve()
