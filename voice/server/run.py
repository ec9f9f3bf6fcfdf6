"""Serve until told to stop, and stop without cutting anybody off."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from types import FrameType
from typing import Final

from uvicorn import Config, Server

from voice.assistant import Assistant
from voice.platforms.protocol import PlatformListener
from voice.ports import BACKLOG
from voice.server.app import create_app
from voice.server.front import WsgiApp, create_front
from voice.server.health import Health
from voice.server.http_protocol import MAX_CONNECTIONS, LimitedHttpProtocol
from voice.server.listener import bind, url
from voice.settings import Settings

DONE: Final = 0
INTERRUPTED: Final = 130
KEEP_ALIVE_SECONDS: Final = 5
LAST_TURN_SECONDS: Final = 60  # the longest deadline of a turn that still runs when we stop
OPEN_FILES: Final = 2 * MAX_CONNECTIONS + 200

_say = partial(print, flush=True)
_LOG = logging.getLogger(__name__)


def serve(
    settings: Settings,
    assistant: Assistant,
    listener: socket.socket | None = None,
    say: Callable[[str], object] = _say,
    platforms: Sequence[PlatformListener] = (),
) -> int:
    """Serve an assistant until SIGTERM or Ctrl-C; return the exit code.

    `listener` is a socket of `bind`, for who took the port before loading the assistant, as those
    of `platforms` are; `say` is told a line with each address once questions are answered. Raises
    what `bind` raises. The assistant stays open: whoever opened it closes it.
    """
    listener = listener or bind(settings)
    # What strangers send is no event of ours; uvicorn warns of every malformed request.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    _raise_file_limit()
    app = create_app(settings, assistant)
    server = DrainingServer(server_config(app, settings), app.extensions["voice.health"], settings)
    address = url(listener)

    async def on_start() -> None:
        say(f"Serving on {address} (Ctrl-C stops)")
        for platform in platforms:
            say(await platform.start(assistant))

    async def on_stop() -> None:
        await asyncio.gather(*(platform.stop() for platform in platforms))

    server.on_start, server.on_stop = on_start, on_stop
    assistant.warm()
    server.run(sockets=[listener])
    return INTERRUPTED if server.was_interrupted else DONE


class DrainingServer(Server):
    """Stop in two steps: say so and stay open for a while, then end what runs and leave."""

    def __init__(self, config: Config, health: Health, settings: Settings) -> None:
        super().__init__(config)
        self.on_start: Callable[[], Awaitable[None]]
        self.on_stop: Callable[[], Awaitable[None]]
        self.was_interrupted = False
        self._health = health
        self._drain_seconds = settings.drain_seconds
        self._closes_at: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        await self.on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the platforms' running turns end while ours do."""
        await asyncio.gather(super().shutdown(sockets), self.on_stop())

    async def on_tick(self, counter: int) -> bool:
        """Return whether it is time to close the listener."""
        if self._closes_at is not None and time.monotonic() >= self._closes_at:
            self.should_exit = True
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a second Ctrl-C ends at once."""
        if sig == signal.SIGINT and self.was_interrupted:
            os._exit(INTERRUPTED)  # children end with us: their standard input closes
        self.was_interrupted = self.was_interrupted or sig == signal.SIGINT
        if self._closes_at is None:
            self._health.draining = True
            # Whoever presses Ctrl-C waits; a balancer that sends SIGTERM must first look elsewhere.
            drain = 0.0 if sig == signal.SIGINT else self._drain_seconds
            self._closes_at = time.monotonic() + drain


def server_config(app: WsgiApp, settings: Settings) -> Config:
    """Return how uvicorn runs an app behind our front; benchmarks run a bare one alike."""
    return Config(
        create_front(app, settings),
        http=LimitedHttpProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=LAST_TURN_SECONDS,
    )


def _raise_file_limit() -> None:
    """Ask for as many open files as connections may need; many systems start with 1024."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if 0 <= soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError) as error:
            _LOG.warning("cannot raise the limit on open files from %d: %s", soft, error)
