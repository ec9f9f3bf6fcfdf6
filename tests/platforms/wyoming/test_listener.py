"""The listener in this process, where deadlines can be made short and an assistant slow."""

from __future__ import annotations

import asyncio
import contextlib
import threading
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

PING = b'{"type": "ping"}\n'


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
