"""Our own Home Assistant: what it accepts, and what it does not."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from wyoming.event import read_event, write_event
from wyoming.info import Info

from voice.errors import EngineError, SetupError
from voice.simulate import open_caller, trusting_settings


@contextlib.contextmanager
def answering(answer: bytes | None) -> Iterator[int]:
    """Answer one connection with bytes; None hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb") as stream:
                read_event(stream)
                stream.write(answer or b"")

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


@pytest.fixture
def caller_of(make_settings):
    def caller_of(port: int):
        settings = make_settings(wyoming_uri=f"tcp://127.0.0.1:{port}")
        return open_caller("wyoming", "http://127.0.0.1:1", settings)

    return caller_of


def test_holds_a_conversation(home, caller_of):
    caller = caller_of(home.port)
    assert caller.start() is None
    assert caller.say("crack my back").speech.startswith("Did you mean one of these?")
    chosen = caller.say("the second one")
    assert chosen.speech.startswith("Your back can crack whenever")
    assert not chosen.ended
    assert '"type": "transcript"' in chosen.sent
    assert '"type": "handled"' in chosen.received
    assert caller.say("").speech.startswith("I couldn't hear anyone")
    caller.close()


def test_each_caller_has_a_conversation_of_its_own(home, caller_of):
    caller_of(home.port).say("crack my back")
    assert caller_of(home.port).say("the second one").speech.startswith("I'm sorry")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (None, "closed without an answer"),
        (b'{"type": "error", "data": {"text": "no"}}\n', "is an error: no"),
        (b'{"type": "pong"}\n', "not 'pong'"),
        (b'{"type": "handled", "data": {"text": " "}}\n', "nothing to say"),
        (b'{"type": "handled"}\n', "nothing to say"),
    ],
)
def test_refuses_what_home_assistant_would_not_take(caller_of, answer, why):
    with answering(answer) as port, pytest.raises(EngineError, match=why):
        caller_of(port).say("hello")


def test_refuses_who_describes_no_agent(caller_of, tmp_path):
    with (tmp_path / "info").open("w+b") as file:
        write_event(Info().event(), file)
        file.seek(0)
        info = file.read()
    with answering(info) as port, pytest.raises(EngineError, match="no conversation agent"):
        caller_of(port).start()


def test_who_cannot_be_reached_is_one_line(caller_of, make_settings):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(SetupError, match="nobody waits at tcp://127.0.0.1"):
        caller_of(port).start()
    with pytest.raises(SetupError, match="set VOICE_WYOMING_URI"):
        open_caller("wyoming", "http://127.0.0.1:1", make_settings())


def test_trusting_settings_switch_it_on(make_settings, tmp_path):
    settings = make_settings(**trusting_settings("wyoming", tmp_path))
    assert open_caller("wyoming", "http://127.0.0.1:1", settings)
    port = urlsplit(settings.wyoming_uri).port
    with socket.create_server(("127.0.0.1", port)):  # what somebody has is left alone
        assert trusting_settings("wyoming", tmp_path)["wyoming_uri"] != settings.wyoming_uri
