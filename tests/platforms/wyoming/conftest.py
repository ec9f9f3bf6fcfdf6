"""A real server that Home Assistant may connect to, and what it would send."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from servers import RunningServer
from wyoming.client import AsyncTcpClient
from wyoming.event import Event

SPEECH = Path(__file__).parents[2] / "fixtures" / "speech"
ENDS = ("info", "pong", "transcript", "audio-stop", "handled", "not-handled", "error")


@dataclass
class Wyoming:
    """The library's own client, a connection for each exchange as Home Assistant has it."""

    port: int

    def ask(self, *events: Event, until: Iterable[str] = ENDS) -> list[Event]:
        """Send events and return what comes, until one of a type in `until` or the end."""
        return asyncio.run(self.ask_in_loop(*events, until=until))

    async def ask_in_loop(self, *events: Event, until: Iterable[str] = ENDS) -> list[Event]:
        async with AsyncTcpClient("127.0.0.1", self.port, read_timeout=60) as client:
            for event in events:
                await client.write_event(event)
            answers: list[Event] = []
            while (event := await client.read_event()) is not None:
                answers.append(event)
                if event.type in until:
                    break
            return answers

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def raw(self, data: bytes, *, end: bool = False) -> bytes:
        """Send bytes as they are, and an end; return all that comes until the server hangs up."""
        with self.connect() as connection:
            connection.sendall(data)
            if end:
                connection.shutdown(socket.SHUT_WR)
            return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


@pytest.fixture(scope="session")
def wyoming_of() -> Callable[[RunningServer], Wyoming]:
    """Return what reads a server's second line, which says where Home Assistant finds it."""
    return _wyoming_of


def _wyoming_of(server: RunningServer) -> Wyoming:
    line = server.process.stdout.readline()
    assert line.startswith("Home Assistant finds it at tcp://"), line
    return Wyoming(int(line.split()[5].rpartition(":")[2]))


@pytest.fixture(scope="session")
def hearing_server(start_server: Callable[..., RunningServer], vosk_tiny: Path) -> RunningServer:
    """Return a server that hears, speaks and answers Home Assistant."""
    return start_server(
        stt="vosk", vosk_model=str(vosk_tiny), wyoming_uri="tcp://127.0.0.1:0", log_level="debug"
    )


@pytest.fixture(scope="session")
def home(hearing_server: RunningServer) -> Wyoming:
    """Return a client of the server that hears and speaks."""
    return _wyoming_of(hearing_server)
