"""The address that Home Assistant connects to: who may be there, for how long, and how it ends."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from wyoming.error import Error
from wyoming.event import async_write_event

from voice.assistant import Assistant
from voice.deadlines import AUDIO_LIMIT_SECONDS
from voice.errors import BusyError, InputError, VoiceError
from voice.platforms.wyoming.announce import Announcement
from voice.platforms.wyoming.frames import MAX_HEADER_BYTES, EventReader
from voice.platforms.wyoming.service import Service
from voice.platforms.wyoming.session import Session
from voice.ports import BACKLOG, Address, find_address, host_and_port, take_port
from voice.settings import Settings

MAX_CONNECTIONS: Final = 64
TURN_SECONDS: Final = AUDIO_LIMIT_SECONDS + 30.0  # until all that an event asked for is taken
FLUSH_SECONDS: Final = 10.0  # until the last that was sent is taken
LINGER_SECONDS: Final = 2.0  # how long who is refused may go on sending before it is cut off
_LOG = logging.getLogger(__name__)


def create(settings: Settings) -> WyomingListener:
    """Return the listener, its port taken.

    Raises InputError for what is no address and SetupError when it cannot be had.
    """
    address = _address(settings.wyoming_uri or "")
    if not address.is_loopback:
        _LOG.warning(
            "VOICE_WYOMING_URI: everybody who reaches %s:%d may ask, hear and speak there, for the "
            "Wyoming protocol knows no keys; let only Home Assistant reach it",
            address.host,
            address.port,
        )
    return WyomingListener(settings, address, take_port(address, "VOICE_WYOMING_URI"))


def _address(uri: str) -> Address:
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname, parts.port
    except ValueError:  # a port that is none
        host, port = None, None
    if host is None or port is None or "@" in uri or uri != f"tcp://{parts.netloc}":
        raise InputError("VOICE_WYOMING_URI must be tcp://host:port, as tcp://127.0.0.1:10300")
    return find_address(host, port)


class WyomingListener:
    """Serve every connection in the server's event loop."""

    def __init__(self, settings: Settings, address: Address, listener: socket.socket) -> None:
        self._settings = settings
        self._address = address
        self._socket = listener
        self._server: asyncio.AbstractServer
        self._service: Service
        self._announcement: Announcement | None = None
        self._connections: dict[asyncio.Task[None], _Connection] = {}
        self._stopping = False

    async def start(self, assistant: Assistant) -> str:
        """Begin to answer; return the line that tells the owner where."""
        self._service = Service(self._settings, assistant)
        self._server = await asyncio.start_server(
            self._connected, sock=self._socket, limit=MAX_HEADER_BYTES, backlog=BACKLOG
        )
        if not self._address.is_loopback:
            self._announcement = await Announcement.make(self._socket)
        return f"Home Assistant finds it at tcp://{host_and_port(self._socket)} (Wyoming)"

    async def stop(self) -> None:
        """Let running turns end, and close every connection and the address."""
        self._stopping = True
        self._server.close()
        for connection in self._connections.values():
            connection.leave()
        if self._announcement is not None:
            await self._announcement.end()
        if self._connections:
            await asyncio.wait(self._connections, timeout=TURN_SECONDS)
        for task in self._connections:
            task.cancel()
        self._service.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connection = _Connection(reader, writer, self._service, task.cancel)
        try:
            if self._has_room():
                self._connections[task] = connection
                await connection.serve()
            else:
                await connection.refuse(BusyError("too many connections; try again shortly"))
        except asyncio.CancelledError:
            # Up to Python 3.11 asyncio logs it as a fault when it gets this.
            _LOG.debug("a Wyoming connection was cut off")
        finally:
            self._connections.pop(task, None)
            connection.close()

    def _has_room(self) -> bool:
        """Return whether one more may come; who has been silent longest makes room."""
        if self._stopping:
            return False
        if len(self._connections) < MAX_CONNECTIONS:
            return True
        silent = [
            (connection.silent_since, task)
            for task, connection in self._connections.items()
            if connection.silent_since is not None
        ]
        if not silent:
            return False
        _, task = min(silent, key=lambda one: one[0])
        self._connections.pop(task).leave()
        return True


class _Connection:
    """One connection, from its first event to its end."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        service: Service,
        cancel: Callable[[], object],
    ) -> None:
        self.silent_since: float | None = None  # None while an event of it is handled
        self._events = EventReader(reader)
        self._writer = writer
        self._session = Session(service, lambda event: async_write_event(event, writer))
        self._cancel = cancel
        self._leaving = False

    async def serve(self) -> None:
        """Answer until the other side goes, or sends what cannot be answered."""
        try:
            await self._answer()
        except VoiceError as error:
            await self.refuse(error)
        except (ConnectionError, asyncio.TimeoutError):
            _LOG.debug("a Wyoming connection broke off")
        except Exception:
            _LOG.exception("a Wyoming connection failed")
            await self.refuse(VoiceError("something went wrong here"))

    async def refuse(self, error: VoiceError) -> None:
        """Tell what is wrong, as far as anybody still listens."""
        with suppress(OSError, asyncio.TimeoutError):
            await asyncio.wait_for(self._say_last(error), LINGER_SECONDS)

    def leave(self) -> None:
        """End once the event that is handled now is; at once when there is none."""
        self._leaving = True
        if self.silent_since is not None:
            self._cancel()

    def close(self) -> None:
        """Hang up, also on who takes nothing."""
        self._session.close()
        self._writer.close()
        asyncio.get_running_loop().call_later(FLUSH_SECONDS, self._writer.transport.abort)

    async def _answer(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._leaving:
            self.silent_since = loop.time()
            event = await self._events.read()
            self.silent_since = None
            if event is None:
                return
            await asyncio.wait_for(self._session.handle(event), TURN_SECONDS)
            await asyncio.sleep(0)  # a flood of events must not keep the others waiting

    async def _say_last(self, error: VoiceError) -> None:
        await async_write_event(Error(error.message, error.code).event(), self._writer)
        self._writer.write_eof()
        await self._events.discard()
