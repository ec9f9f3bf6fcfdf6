"""A child process that owns one thing which crashes, hangs, or reads strangers' bytes.

The parent writes a call to the child's standard input and reads the result from its standard
output. Nothing is unpickled, so a child that a stranger's bytes took over cannot run code here. At
its deadline a child is killed; the next call starts a new one.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from voice.errors import BusyError, DeadlineError, EngineError, VoiceError
from voice.worker.frames import Frame, read_frame, write_frame
from voice.worker.turns import Turns

FIRST_SHARE: Final = 0.6  # of the deadline; a second try fits into the rest
_LOG = logging.getLogger(__name__)


class WorkerDiedError(EngineError):
    """The child ended in the middle of a call."""

    code = "worker_died"


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """What a child runs and how.

    `service` names a factory as "package.module:function"; the child calls it with `arguments`
    (plain JSON values) and hands every call to the service it returns.
    """

    service: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    start_seconds: float = 30.0  # until the service must be open
    niceness: int = 10


class Worker:
    """Hold one child; calls are made one at a time by whoever leased it."""

    def __init__(self, options: WorkerOptions) -> None:
        self._options = options
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """Return the child's process id, None while there is none."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def start(self) -> dict[str, Any]:
        """Start the child if none runs and return what its service says of itself.

        Raises the service's own error, WorkerDiedError, DeadlineError, and EngineError when no
        process can be started or the worker was closed.
        """
        if self.pid is not None:
            return {}
        if self._closed:
            raise EngineError("this is closing")
        self.stop()  # a child that died by itself left its pipes open
        self._child = _start_child()
        opening = {
            "service": self._options.service,
            "arguments": dict(self._options.arguments),
            "niceness": self._options.niceness,
        }
        try:
            return self._exchange(opening, b"", self._options.start_seconds)[0]
        except VoiceError:
            self.stop()  # a child whose service did not open is of no use
            raise

    def call(
        self,
        method: str,
        arguments: Mapping[str, Any] | None = None,
        payload: bytes = b"",
        *,
        deadline_seconds: float,
        tries: int = 1,
    ) -> Frame:
        """Call the service and return its result.

        With more `tries` than one, a call whose child died or hung is made again on a new one. A
        child hangs when it takes longer than FIRST_SHARE of the time that is left.

        Raises the service's own error; WorkerDiedError when the child ended; DeadlineError when
        the deadline passed and the child was killed.
        """
        header = {"method": method, "arguments": dict(arguments or {})}
        end = time.monotonic() + deadline_seconds
        for others in reversed(range(tries)):
            try:
                self.start()
                left = end - time.monotonic()
                if left <= 0:  # the child is not to blame
                    raise DeadlineError(f"{self._options.service} got its call too late")
                return self._exchange(header, payload, left * FIRST_SHARE if others else left)
            except (WorkerDiedError, DeadlineError) as error:
                if not others or time.monotonic() >= end:
                    raise
                _LOG.warning("%s; trying %s once more", error.message, method)
        raise AssertionError("unreachable: the last try returns or raises")

    def close(self) -> None:
        """End the child for good, also one that is in the middle of a call."""
        self._closed = True
        self.stop()

    def stop(self) -> None:
        """End the child; the next call starts a new one."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with suppress(OSError):
                pipe and pipe.close()

    def _exchange(self, header: dict[str, Any], payload: bytes, seconds: float) -> Frame:
        child = self._child
        assert child is not None
        assert child.stdin is not None
        assert child.stdout is not None
        timer = threading.Timer(seconds, child.kill)  # unblocks the write as well as the read
        timer.daemon = True
        timer.start()
        started = time.monotonic()
        try:
            write_frame(child.stdin, header, payload)
            answer, body = read_frame(child.stdout)
        except (OSError, EOFError, ValueError) as error:
            late = time.monotonic() - started >= seconds
            self.stop()
            what = self._options.service
            if late:
                raise DeadlineError(f"{what} took longer than {seconds:.1f} s") from error
            raise WorkerDiedError(f"{what} ended unexpectedly") from error
        finally:
            timer.cancel()
        if "error" in answer:
            raise VoiceError(
                str(answer["error"]["message"]),
                code=str(answer["error"]["code"]),
                http_status=int(answer["error"]["http_status"]),
            )
        return answer, body


class WorkerPool:
    """Share a few equal children among callers, each in turn."""

    def __init__(self, options: WorkerOptions, size: int = 1) -> None:
        self._workers = [Worker(options) for _ in range(size)]
        self._turns = Turns(self._workers)

    def start(self) -> list[dict[str, Any]]:
        """Start every child and return what each service says of itself."""
        return [worker.start() for worker in self._workers]

    @contextmanager
    def lease(self, wait_seconds: float) -> Iterator[Worker]:
        """Lend a child for several calls in a row.

        Raises BusyError when none is free in time, ClientGoneError when the caller has left.
        """
        try:
            worker = self._turns.take(wait_seconds)
        except TimeoutError:
            raise BusyError("all workers are busy; try again shortly") from None
        try:
            yield worker
        finally:
            self._turns.give(worker)

    def call(
        self,
        method: str,
        arguments: Mapping[str, Any] | None = None,
        payload: bytes = b"",
        *,
        deadline_seconds: float,
        tries: int = 2,
    ) -> Frame:
        """Call any free child, as `Worker.call` does; waiting for it counts."""
        end = time.monotonic() + deadline_seconds
        with self.lease(deadline_seconds) as worker:
            left = end - time.monotonic()
            return worker.call(method, arguments, payload, deadline_seconds=left, tries=tries)

    def stop(self) -> None:
        """End every child for good."""
        for worker in self._workers:
            worker.close()


def _start_child() -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "voice.worker.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=child_environment(),
            # Ctrl-C reaches all of a terminal's group; it is the parent's from the first moment on.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # on Windows
        )
    except OSError as error:
        raise EngineError(f"no process can be started ({error.strerror or error})") from error


def child_environment() -> dict[str, str]:
    """Return the environment without our settings: who reads strangers' bytes holds no key."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VOICE_")}
    root = str(Path(__file__).resolve().parents[2])
    kept["PYTHONPATH"] = os.pathsep.join([root, *filter(None, [kept.get("PYTHONPATH")])])
    kept["PYTHONSAFEPATH"] = "1"  # a wave.py in the user's folder is not Python's
    return kept
