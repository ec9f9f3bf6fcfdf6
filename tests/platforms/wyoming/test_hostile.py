"""Connections that send nonsense, floods or nothing cost little and keep nobody out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager

import pytest
from wyoming.asr import Transcript
from wyoming.client import AsyncTcpClient
from wyoming.event import Event, async_write_event
from wyoming.info import Describe

from voice.assistant import Assistant
from voice.opening import open_assistant
from voice.platforms.wyoming import frames, listener, service
from voice.platforms.wyoming.listener import MAX_CONNECTIONS, create
from voice.settings import Settings
from voice.types import Reply, Turn

DESCRIBE = b'{"type": "describe"}\n'
PING = b'{"type": "ping"}\n'
QUESTION = "Is it bad if your spine cracks?"

REFUSED = {
    "a web page": b"POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n" + DESCRIBE,
    "a list": b"[]\n",
    "no type": b"{}\n",
    "a length in letters": b'{"type": "describe", "data_length": "7"}\n',
    "a terabyte": b'{"type": "audio-chunk", "payload_length": 1000000000000}\n',
    "a header without end": b"x" * 300_000,
    "a text that is none": b'{"type": "transcript", "data": {"text": 7}}\n',
    "no text": b'{"type": "synthesize"}\n',
    "too long a text": b'{"type": "ping", "data": {"text": "' + b"a" * 1001 + b'"}}\n',
    "sound without a layout": b'{"type": "audio-chunk", "payload_length": 2}\nab',
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_nonsense_is_told_and_the_connection_closed(home, data):
    answer = json.loads(home.raw(data).partition(b"\n")[0])
    assert answer["type"] == "error"


def test_half_a_surrogate_pair_is_no_trouble(home):
    for kind, answer in (("ping", "pong"), ("transcript", "not-handled")):
        event = json.dumps({"type": kind, "data": {"text": "\ud800"}}).encode()
        assert answer.encode() in home.raw(event + b"\n", end=True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'{"type"',
        b'{"type": "audio-chunk", "payload_length": 100}\nabc',
        b'{"type": "x", "data_length": 100}\n{}',
    ],
)
def test_sockets_that_stop_half_way(home, data):
    for _ in range(20):
        with home.connect() as connection:
            connection.sendall(data)
    assert home.ask(Describe().event())[0].type == "info"


def test_who_leaves_without_hearing_the_answer(home):
    asked = Event("synthesize", {"text": "A back that cracks. " * 50}).to_dict()
    for _ in range(5):
        with home.connect() as connection:
            connection.sendall(json.dumps(asked).encode() + b"\n")
    assert home.ask(Describe().event())[0].type == "info"


@pytest.mark.slow
def test_silent_connections_hold_nobody_up(hearing_server, home):
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(home.connect())
        for _ in range(20):
            assert hearing_server.client.ask(QUESTION).status == 200
            assert home.ask(Describe().event())[0].type == "info"


@contextlib.contextmanager
def flooding(connections: list[socket.socket], data: bytes) -> Iterator[None]:
    """Send data to every connection for as long as it is taken."""
    stop = threading.Event()

    def flood(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while not stop.is_set():
                connection.sendall(data)

    threads = [threading.Thread(target=flood, args=(one,)) for one in connections]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for connection in connections:
            connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


@pytest.mark.slow
@pytest.mark.parametrize(
    "frame",
    [
        b'{"type": "x"}\n',
        b'{"type": "audio-chunk", "data": {"rate": 16000, "width": 2, "channels": 1}}\n',
    ],
)
def test_floods_of_tiny_events_keep_nobody_waiting(hearing_server, home, frame):
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(home.connect()) for _ in range(10)]
        with flooding(opened, frame * 500):
            time.sleep(0.3)
            started = time.monotonic()
            for _ in range(10):
                assert hearing_server.client.ask(QUESTION).status == 200
                assert home.ask(Describe().event())[0].type == "info"
            assert time.monotonic() - started < 20


def test_nothing_of_all_this_was_a_fault_of_ours(hearing_server, home):
    assert home.ask(Describe().event())[0].type == "info"
    log = hearing_server.log.read_text()
    assert "Traceback" not in log
    assert "never retrieved" not in log


# In this process, where deadlines can be made short and an assistant slow.


@pytest.fixture
def text_assistant(make_settings: Callable[..., Settings]) -> Iterator[Assistant]:
    assistant = open_assistant(make_settings(stt="off", tts="off"))
    yield assistant
    assistant.close()


@pytest.fixture
def serving(
    make_settings: Callable[..., Settings], text_assistant: Assistant
) -> Callable[[], AbstractAsyncContextManager[int]]:
    """Return an opener of listeners in this process, which gives the port."""

    @contextlib.asynccontextmanager
    async def serving() -> AsyncIterator[int]:
        listening = create(make_settings(wyoming_uri="tcp://127.0.0.1:0"))
        line = await listening.start(text_assistant)
        try:
            yield int(line.split()[5].rpartition(":")[2])
        finally:
            await listening.stop()

    return serving


@pytest.fixture
def release(
    text_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> Iterator[threading.Event]:
    """Return what lets the assistant answer, which it does not before."""
    release = threading.Event()

    def slow(turn: Turn) -> Reply:
        release.wait(20)
        return Reply("answer", "at last")

    monkeypatch.setattr(text_assistant, "answer", slow)
    yield release
    release.set()


async def ask(port: int, event: Event) -> Event | None:
    async with AsyncTcpClient("127.0.0.1", port, read_timeout=30) as client:
        await client.write_event(event)
        return await client.read_event()


def test_a_server_that_neither_hears_nor_speaks_says_so(serving):
    async def visit() -> None:
        async with serving() as port:
            info = await ask(port, Describe().event())
            assert (info.data["asr"], info.data["tts"]) == ([], [])
            assert [program["name"] for program in info.data["handle"]] == ["faq"]
            error = await ask(port, Event("synthesize", {"text": "hello"}))
            assert (error.type, error.data["code"]) == ("error", "setup")

    asyncio.run(visit())


def test_who_is_silent_is_hung_up_on(serving, monkeypatch):
    monkeypatch.setattr(frames, "IDLE_SECONDS", 0.1)

    async def visit() -> None:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await asyncio.wait_for(reader.read(), 30) == b""
            writer.close()

    asyncio.run(visit())


def test_who_is_silent_longest_makes_room(serving):
    async def ping(streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        streams[1].write(PING)
        assert b"pong" in await asyncio.wait_for(streams[0].readline(), 30)
        assert b"text" in await asyncio.wait_for(streams[0].readexactly(14), 30)

    async def visit() -> None:
        async with serving() as port:
            opened = []
            for _ in range(MAX_CONNECTIONS):
                opened.append(await asyncio.open_connection("127.0.0.1", port))
                await ping(opened[-1])
            await ping(opened[0])
            assert (await ask(port, Describe().event())).type == "info"
            assert await asyncio.wait_for(opened[1][0].read(), 30) == b""
            await ping(opened[0])
            for _, writer in opened:
                writer.close()

    asyncio.run(visit())


def test_when_all_are_busy_the_next_is_refused(serving, release, monkeypatch):
    monkeypatch.setattr(listener, "MAX_CONNECTIONS", 1)

    async def visit() -> None:
        async with serving() as port:
            first = asyncio.create_task(ask(port, Transcript("hi").event()))
            await asyncio.sleep(0.2)
            error = await ask(port, Describe().event())
            assert (error.type, error.data["code"]) == ("error", "busy")
            release.set()
            assert (await first).data["text"] == "at last"

    asyncio.run(visit())


def test_who_takes_nothing_is_hung_up_on(serving, text_assistant, monkeypatch):
    monkeypatch.setattr(listener, "TURN_SECONDS", 0.5)
    monkeypatch.setattr(listener, "FLUSH_SECONDS", 0.1)
    long = Reply("answer", "A back that cracks. " * 500_000)
    monkeypatch.setattr(text_assistant, "answer", lambda turn: long)

    async def visit() -> None:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1000)
            await async_write_event(Transcript("hi").event(), writer)
            await asyncio.sleep(1.5)
            assert (await ask(port, Describe().event())).type == "info"
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await asyncio.wait_for(reader.readexactly(len(long.speech)), 30)
            writer.close()

    asyncio.run(visit())


def test_late_answers_are_dropped_and_the_caller_is_asked_again(serving, release, monkeypatch):
    monkeypatch.setattr(service, "ANSWER_SECONDS", 0.1)

    async def visit() -> None:
        async with serving() as port:
            answer = await ask(port, Transcript("hi").event())
            assert (answer.type, answer.data["text"]) == ("not-handled", "Please try again.")

    asyncio.run(visit())


def test_a_failure_is_said_and_logged(serving, text_assistant, monkeypatch, caplog):
    def fail(turn: Turn) -> Reply:
        raise RuntimeError("boom")

    monkeypatch.setattr(text_assistant, "answer", fail)

    async def visit() -> None:
        async with serving() as port:
            answer = await ask(port, Transcript("hi").event())
            assert answer.data["text"] == "I'm sorry, something went wrong here."

    asyncio.run(visit())
    assert "boom" in caplog.text


def test_a_turn_that_runs_ends_before_the_server_does(serving, release):
    async def visit() -> None:
        async with serving() as port:
            running = asyncio.create_task(ask(port, Transcript("hi").event()))
            silent, writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.sleep(0.2)
            asyncio.get_running_loop().call_later(0.3, release.set)
        assert (await running).data["text"] == "at last"
        assert await silent.read() == b""
        writer.close()
        with pytest.raises(ConnectionRefusedError):
            await ask(port, Describe().event())

    asyncio.run(visit())
