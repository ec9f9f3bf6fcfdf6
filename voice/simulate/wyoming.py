"""Home Assistant as it calls: a connection for each turn, a deadline for `describe`."""

from __future__ import annotations

import json
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from wyoming.asr import Transcript
from wyoming.error import Error
from wyoming.event import Event, read_event, write_event
from wyoming.handle import Handled, NotHandled
from wyoming.info import Artifact, Describe, Info

from voice.errors import EngineError, SetupError
from voice.settings import Settings
from voice.simulate.protocol import Heard

DESCRIBE_SECONDS: Final = 1.0  # after it Home Assistant says "cannot connect"
TURN_SECONDS: Final = 30.0
_USUAL_URI: Final = "tcp://127.0.0.1:10300"


def open_caller(url: str, settings: Settings) -> WyomingCaller:
    """Return a caller of the address in the setting `wyoming_uri`; the server's own is not asked.

    Raises SetupError where that is not set.
    """
    if not settings.wyoming_uri:
        raise SetupError(f"set VOICE_WYOMING_URI to where the server waits, as {_USUAL_URI}")
    parts = urlsplit(settings.wyoming_uri)
    return WyomingCaller(parts.hostname or "", parts.port or 0)


def trusting_settings(folder: Path) -> dict[str, object]:
    """Return settings that switch Wyoming on, at a port that is free; it knows no keys."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return {"wyoming_uri": f"tcp://127.0.0.1:{listener.getsockname()[1]}"}


class WyomingCaller:
    """One conversation with the agent that Home Assistant sets up."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._conversation_id = uuid.uuid4().hex

    def start(self) -> Heard | None:
        """Look at what is there, as for a new device; Home Assistant has no greeting."""
        _check(Info.from_event(self._exchange(Describe().event(), DESCRIBE_SECONDS)))
        return None

    def say(self, text: str) -> Heard:
        """Say something and return what is heard, in the same conversation."""
        context = {"conversation_id": self._conversation_id}
        asked = Transcript(text, context=context, language="en").event()
        answer = self._exchange(asked, TURN_SECONDS)
        if Handled.is_type(answer.type):
            speech = Handled.from_event(answer).text
        elif NotHandled.is_type(answer.type):
            speech = NotHandled.from_event(answer).text
        else:
            raise EngineError(f"a turn is answered by handled or not-handled, not {answer.type!r}")
        if not isinstance(speech, str) or not speech.strip():
            raise EngineError("there is nothing to say in the answer")
        return Heard(speech, sent=_json(asked), received=_json(answer))

    def close(self) -> None:
        """Hang up; no connection is open between turns."""

    def _exchange(self, event: Event, seconds: float) -> Event:
        with self._connected(seconds) as connection:
            with connection.makefile("wb") as outgoing:
                write_event(event, outgoing)
            with connection.makefile("rb") as incoming:
                answer = read_event(incoming)
        if answer is None:
            raise EngineError("the connection was closed without an answer")
        if Error.is_type(answer.type):
            raise EngineError(f"the answer is an error: {Error.from_event(answer).text}")
        return answer

    @contextmanager
    def _connected(self, seconds: float) -> Iterator[socket.socket]:
        try:
            connection = socket.create_connection(self._address, timeout=seconds)
        except OSError as error:
            where = "{}:{}".format(*self._address)
            raise SetupError(f"nobody waits at tcp://{where}: {error}") from error
        with connection:
            try:
                yield connection
            except OSError as error:  # a deadline, too
                raise EngineError(f"no answer within {seconds:g} s: {error}") from error


def _check(info: Info) -> None:
    """Raise EngineError for what Home Assistant would not set up."""
    if info.satellite is not None or info.intent:
        raise EngineError("a satellite or intents keep the conversation agent from being set up")
    if not info.handle:
        raise EngineError("there is no conversation agent")
    heard = [model for program in info.asr for model in program.models]
    voices = [one for program in info.tts for one in program.voices]
    answers = [model for program in info.handle for model in program.models]
    programs: list[Artifact] = [*info.asr, *info.tts, *info.handle]
    artifacts = [*programs, *heard, *voices, *answers]
    missing = [one.name for one in artifacts if not one.installed]
    if missing:
        raise EngineError(f"not installed: {', '.join(missing)}")
    if not all([one.languages for one in heard] + [one.languages for one in voices]):
        raise EngineError("speech needs a language")


def _json(event: Event) -> str:
    return json.dumps(event.to_dict(), ensure_ascii=False)
