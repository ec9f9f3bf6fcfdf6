"""What all connections share: the assistant, its threads, and the few things remembered."""

from __future__ import annotations

import html
import logging
import re
from typing import Final

from voice.assistant import Assistant
from voice.audio.wav import read_wav
from voice.deadlines import audio_deadline_seconds
from voice.platforms.wyoming.conversations import Conversations
from voice.platforms.wyoming.info import info_event
from voice.platforms.wyoming.threads import Threads
from voice.platforms.wyoming.utterance import MAX_SECONDS, SoundBudget, Utterance
from voice.settings import Settings
from voice.types import AudioChunk, Channel, HearingModel, Reply, Turn

CHANNEL: Final = Channel("wyoming")  # Home Assistant stops listening after each answer
ANSWER_SECONDS: Final = 3.0
SPEAK_SECONDS: Final = 25.0  # the synthesizer gives up sooner
ANSWER_THREADS: Final = 2
SOUND_THREADS: Final = 4
_TAG: Final = re.compile(r"<[^>]*>")
_LOG = logging.getLogger(__name__)


class Service:
    """Hear, answer, speak, under deadlines; used in the event loop only."""

    def __init__(self, settings: Settings, assistant: Assistant) -> None:
        self.info = info_event(assistant)
        self.phrases = assistant.phrases
        self.language = assistant.faq.locale
        self.sound = SoundBudget()
        self._assistant = assistant
        self._model = _hearing_model(settings, assistant)
        self._log_questions = settings.log_questions
        self._conversations = Conversations()
        # Who types or was heard already never waits for those who speak.
        self._answering = Threads(ANSWER_THREADS, "wyoming-answer")
        self._sounding = Threads(SOUND_THREADS, "wyoming-sound")

    async def hear(self, utterance: Utterance) -> str:
        """Return what was said, empty for nothing; raises what `Assistant.hear` raises."""
        deadline = audio_deadline_seconds(utterance.seconds)
        heard = await self._sounding.run(deadline, self._hear, utterance.wav())
        if self._log_questions:
            _LOG.info("heard %r", heard)
        return heard

    async def answer(self, text: str, conversation_id: str | None) -> Reply:
        """Return the reply to a turn; without an id its conversation is forgotten."""
        token = self._conversations.token(conversation_id) if conversation_id else None
        turn = Turn(text, spoken=True, conversation=token, channel=CHANNEL)
        reply = await self._answering.run(ANSWER_SECONDS, self._assistant.answer, turn)
        if conversation_id:
            self._conversations.keep(conversation_id, reply.conversation)
        if self._log_questions:
            found = reply.answer and reply.answer.entry_id
            _LOG.info("asked %r: %s %s", text, reply.status, found)
        return reply

    async def speak(self, text: str, *, is_ssml: bool) -> AudioChunk:
        """Return a text as speech; raises what `Assistant.speak` raises."""
        plain = html.unescape(_TAG.sub(" ", text)) if is_ssml else text
        speech = await self._sounding.run(SPEAK_SECONDS, self._assistant.speak, plain)
        return read_wav(speech.wav)

    def close(self) -> None:
        """Begin nothing new."""
        self._answering.close()
        self._sounding.close()

    def _hear(self, wav: bytes) -> str:
        heard = self._assistant.transcribe(wav, model=self._model, max_seconds=MAX_SECONDS)
        return heard.text if heard else ""


def _hearing_model(settings: Settings, assistant: Assistant) -> HearingModel:
    """Return what to expect: Home Assistant does not say."""
    if settings.wyoming_model != "auto":
        return settings.wyoming_model
    recognizer = assistant.recognizer
    return "faq" if recognizer and recognizer.name == "pocketsphinx" else "open"
