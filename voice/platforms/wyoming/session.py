"""One connection: what it is in the middle of, and what each event of it gets."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from wyoming.asr import Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.handle import Handled, NotHandled
from wyoming.ping import Pong
from wyoming.tts import SynthesizeStopped

from voice.errors import BusyError, DeadlineError, InputError
from voice.platforms.wyoming.conversations import MAX_ID_CHARS
from voice.platforms.wyoming.service import Service
from voice.platforms.wyoming.utterance import Utterance, sound_format
from voice.tts.protocol import MAX_TEXT_CHARACTERS
from voice.types import BYTES_PER_SAMPLE

MAX_PING_CHARS: Final = 1000
CHUNK_BYTES: Final = 8192  # of speech in one event; a fifth of a second
_LOG = logging.getLogger(__name__)

Send = Callable[[Event], Awaitable[None]]
Data = Mapping[str, Any]


class Session:
    """Answer the events of one connection, in their order."""

    def __init__(self, service: Service, send: Send) -> None:
        self._service = service
        self._send = send
        self._utterance: Utterance | None = None
        self._pieces: list[str] | None = None  # of a text that comes in pieces
        self._is_ssml = False
        self._handlers: Mapping[str, Callable[[Event], Awaitable[None]]] = {
            "describe": self._describe,
            "ping": self._ping,
            "transcribe": self._transcribe,
            "audio-start": self._audio_start,
            "audio-chunk": self._audio_chunk,
            "audio-stop": self._audio_stop,
            "synthesize": self._synthesize,
            "synthesize-start": self._synthesize_start,
            "synthesize-chunk": self._synthesize_chunk,
            "synthesize-stop": self._synthesize_stop,
            "transcript": self._transcript,
        }

    async def handle(self, event: Event) -> None:
        """Do what an event asks for, nothing for one that we do not know.

        Raises VoiceError, whose message the other side is told, and ConnectionError.
        """
        handler = self._handlers.get(event.type)
        if handler is not None:
            await handler(event)

    def close(self) -> None:
        """Give back what the connection holds."""
        if self._utterance is not None:
            self._utterance.close()
            self._utterance = None

    async def _describe(self, event: Event) -> None:
        await self._send(self._service.info)

    async def _ping(self, event: Event) -> None:
        text = event.data.get("text")
        await self._send(Pong(None if text is None else _text(event.data, MAX_PING_CHARS)).event())

    async def _transcribe(self, event: Event) -> None:
        self.close()

    async def _audio_start(self, event: Event) -> None:
        self.close()
        self._utterance = Utterance(sound_format(event.data), self._service.sound)

    async def _audio_chunk(self, event: Event) -> None:
        format = sound_format(event.data)
        if self._utterance is None:
            self._utterance = Utterance(format, self._service.sound)
        self._utterance.add(event.payload or b"", format)

    async def _audio_stop(self, event: Event) -> None:
        heard = await self._service.hear(self._utterance) if self._utterance else ""
        self.close()
        await self._send(Transcript(heard, language=self._service.language).event())

    async def _synthesize(self, event: Event) -> None:
        if self._pieces is None:  # else it is for those who do not know the pieces, and said twice
            await self._speak(_text(event.data, MAX_TEXT_CHARACTERS), is_ssml=_is_ssml(event.data))

    async def _synthesize_start(self, event: Event) -> None:
        self._pieces, self._is_ssml = [], _is_ssml(event.data)

    async def _synthesize_chunk(self, event: Event) -> None:
        if self._pieces is not None:
            left = MAX_TEXT_CHARACTERS - sum(map(len, self._pieces))
            self._pieces.append(_text(event.data, left))

    async def _synthesize_stop(self, event: Event) -> None:
        if self._pieces is None:
            return
        text, self._pieces = "".join(self._pieces), None
        await self._speak(text, is_ssml=self._is_ssml)
        await self._send(SynthesizeStopped().event())

    async def _speak(self, text: str, *, is_ssml: bool) -> None:
        speech = await self._service.speak(text, is_ssml=is_ssml)
        layout = (speech.rate_hz, BYTES_PER_SAMPLE, 1)
        await self._send(AudioStart(*layout).event())
        for start in range(0, len(speech.pcm), CHUNK_BYTES):
            piece = speech.pcm[start : start + CHUNK_BYTES]
            await self._send(AudioChunk(*layout, audio=piece).event())
        await self._send(AudioStop().event())

    async def _transcript(self, event: Event) -> None:
        text = _text(event.data, MAX_TEXT_CHARACTERS)
        conversation_id = _conversation_id(event.data)
        context = {"conversation_id": conversation_id} if conversation_id else None
        answered, said = await self._answer(text, conversation_id)
        result = Handled(said, context) if answered else NotHandled(said, context)
        await self._send(result.event())

    async def _answer(self, text: str, conversation_id: str | None) -> tuple[bool, str]:
        """Return whether there is an answer, and what is said: also what goes wrong is heard."""
        say = self._service.phrases.say
        try:
            reply = await self._service.answer(text, conversation_id)
        except BusyError:
            return False, say["busy"]
        except DeadlineError:
            return False, say["try_again"]
        except Exception:
            _LOG.exception("a turn from Home Assistant failed")
            return False, say["error"]
        return reply.status not in ("unknown", "no_input"), reply.speech


def _text(data: Data, most: int) -> str:
    """Return the text of an event; raises InputError without one and for more characters."""
    text = data.get("text")
    if not isinstance(text, str):
        raise InputError("this event needs a text")
    if len(text) > most:
        raise InputError("the text is too long", code="too_large", http_status=413)
    return _encodable(text)


def _is_ssml(data: Data) -> bool:
    return data.get("text_format") == "ssml"


def _conversation_id(data: Data) -> str | None:
    """Return what the conversation is called, None where it has no usable name."""
    context = data.get("context")
    name = context.get("conversation_id") if isinstance(context, dict) else None
    if not isinstance(name, str) or not 0 < len(name) <= MAX_ID_CHARS:
        return None
    return _encodable(name)


def _encodable(text: str) -> str:
    """Return a text that can be sent: JSON may hold half a surrogate pair, no encoding does."""
    return text.encode("utf-8", "replace").decode("utf-8")
