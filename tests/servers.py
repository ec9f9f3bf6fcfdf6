"""Real servers in processes and threads of their own, and clients that are not kind to them."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from uvicorn import Config, Server

from voice.server.http_protocol import LimitedHttpProtocol

START_SECONDS = 60
SLOW_SERVER = Path(__file__).parent / "server" / "slow_server.py"


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The code of an error; fails when the answer is not one as every error must be."""
        error = self.json()["error"]
        assert set(error) == {"code", "message"}
        assert error["message"]
        assert "Traceback" not in error["message"]
        assert self.status >= 400
        return error["code"]


@dataclass
class Client:
    """A client of one server; each request has a connection of its own."""

    port: int
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(
        self, method: str, path: str, body: Any = None, timeout: float = 30, **headers: str
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        with contextlib.closing(connection):
            connection.request(method, path, body, {**self.headers, **named})
            response = connection.getresponse()
            pairs = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, pairs, response.read())

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, **headers)

    def post(self, path: str, value: Any, **headers: str) -> Answer:
        """Send a value as JSON."""
        headers.setdefault("Content_Type", "application/json")
        return self.request("POST", path, json.dumps(value), **headers)

    def ask(self, question: Any, **more: Any) -> Answer:
        return self.post("/ask", {"question": question, **more})

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def raw(self, data: bytes, timeout: float = 30) -> bytes:
        """Send bytes as they are and return all that comes back."""
        with self.connect() as connection:
            connection.settimeout(timeout)
            connection.sendall(data)
            return self.read(connection)

    def read(self, connection: socket.socket) -> bytes:
        """Return all that comes until the server closes."""
        parts = []
        with contextlib.suppress(ConnectionError):
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts)


@dataclass
class RunningServer:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    log: Path
    client: Client = field(default_factory=lambda: Client(0))

    def wait_until_ready(self) -> None:
        """Read the line with the address."""
        killer = threading.Timer(START_SECONDS, self.process.kill)
        killer.start()
        line = self.process.stdout.readline()
        killer.cancel()
        assert line.startswith("Serving on http://127.0.0.1:"), line + self.log.read_text()
        self.client.port = int(line.split()[2].rpartition(":")[2])

    def stop(self, sig: int = signal.SIGTERM, timeout: float = 30) -> int:
        self.process.send_signal(sig)
        return self.process.wait(timeout)


def server_environment(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("VOICE_") or name.startswith("VOICE_TEST_")
    }
    return {**kept, "VOICE_HOME": str(home), "VOICE_PORT": "0", **settings}


def _start(command: list[str], folder: Path, settings: Mapping[str, str]) -> RunningServer:
    log = folder / "log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, *command],
            env=server_environment(folder / "home", settings),
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    return RunningServer(process, log)


@pytest.fixture(scope="session")
def start_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., RunningServer]]:
    """Return a starter of servers with settings of their own; all end with the session."""
    running: list[RunningServer] = []

    def start(*command: str, wait: bool = True, **settings: str) -> RunningServer:
        folder = tmp_path_factory.mktemp("server")
        named = {f"VOICE_{name.upper()}": value for name, value in settings.items()}
        server = _start(list(command) or ["-m", "voice", "serve"], folder, named)
        running.append(server)
        if wait:
            server.wait_until_ready()
        return server

    yield start
    for server in running:
        server.process.kill()
        server.process.wait()
        server.process.stdout.close()


@pytest.fixture(scope="session")
def text_server(start_server: Callable[..., RunningServer]) -> RunningServer:
    """Return a server that neither hears nor speaks."""
    return start_server(stt="off", tts="off", log_level="info")


@pytest.fixture(scope="session")
def client(text_server: RunningServer) -> Client:
    """Return a client of the server that neither hears nor speaks."""
    return text_server.client


@pytest.fixture(scope="session")
def full_server(start_server: Callable[..., RunningServer], vosk_tiny: Path) -> RunningServer:
    """Return a server that hears and speaks."""
    return start_server(stt="vosk", vosk_model=str(vosk_tiny), speech_cache_mb="0")


@pytest.fixture
def start_slow_server(
    start_server: Callable[..., RunningServer],
) -> Callable[..., RunningServer]:
    """Return a starter of servers whose synthesizer takes a hundredth of the rate in seconds."""

    def start(**settings: str) -> RunningServer:
        return start_server(str(SLOW_SERVER), **settings)

    return start


@pytest.fixture(scope="session")
def serve_front() -> Iterator[Callable[[Any], Client]]:
    """Return a starter of real listeners, in threads, for any ASGI application."""
    servers: list[tuple[Server, threading.Thread]] = []

    def start(front: Any) -> Client:
        listener = socket.create_server(("127.0.0.1", 0))
        server = Server(
            Config(front, http=LimitedHttpProtocol, ws="none", lifespan="off", log_config=None)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        servers.append((server, thread))
        while not server.started:
            time.sleep(0.01)
        return Client(listener.getsockname()[1])

    yield start
    for server, _ in servers:
        server.should_exit = True
    for _, thread in servers:
        thread.join()
