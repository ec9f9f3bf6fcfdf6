"""Answer what is heard at the microphone, and decide whether the answer is spoken."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from voice.assistant import Assistant
from voice.errors import VoiceError
from voice.types import MICROPHONE_CHANNEL, Reply, Transcript, Turn

# After this without a turn that found something, whoever speaks next is somebody else.
CONVERSATION_SECONDS: Final = 30.0
_FOUND: Final = frozenset({"answer", "clarify"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A reply that can be given at once."""

    reply: Reply
    wavs: Iterator[bytes] | None = None  # its speech, the first made; None: it is only shown
    error: VoiceError | None = None  # why it cannot be spoken

    def since(self, ended: float) -> Prepared:
        """Return it with the milliseconds from the end of the question (monotonic) to now."""
        total = (time.monotonic() - ended) * 1000
        elapsed_ms = {**self.reply.elapsed_ms, "total": total}
        return replace(self, reply=replace(self.reply, elapsed_ms=elapsed_ms))


class Answering:
    """One person after the other at the same microphone; the state of who is there now."""

    def __init__(self, assistant: Assistant, *, is_open: bool) -> None:
        """`is_open`: the microphone hears whoever passes by, not only who wants to ask."""
        self.speaks = True
        self._assistant = assistant
        self._is_open = is_open
        self._conversation: str | None = None  # None: nobody is there
        self._until = 0.0  # when the conversation is over; monotonic

    @property
    def in_conversation(self) -> bool:
        """Return whether somebody has just got an answer or was asked back."""
        return self._conversation is not None and time.monotonic() < self._until

    def prepare(self, transcript: Transcript) -> Prepared:
        """Return the reply to what was heard; changes nothing, so that it can be thrown away."""
        hypotheses = tuple(hypothesis.text for hypothesis in transcript.hypotheses)
        return self._prepare(Turn(transcript.text, hypotheses, transcript, spoken=True))

    def prepare_choice(self, name: str) -> Prepared:
        """Return the reply to a choice made by key: "first" to "third", or "neither"."""
        return self._prepare(Turn("", command=name))

    def prepare_silence(self) -> Prepared:
        """Return the reply to somebody who wanted to speak and was not heard."""
        return self._prepare(Turn("", spoken=True))

    def accept(self, reply: Reply) -> None:
        """Take the reply as given: the conversation goes on from there, or is over."""
        if reply.status == "no_input":
            return  # whoever pressed the key may do so again; nobody is sent away for silence
        goes_on = reply.status in _FOUND or self.in_conversation
        self._conversation = reply.conversation if goes_on and not reply.end_session else None
        if reply.status in _FOUND:
            self.keep_open()

    def keep_open(self) -> None:
        """Let a conversation last for a while from now, as when a reply has been spoken."""
        self._until = time.monotonic() + CONVERSATION_SECONDS

    def _prepare(self, turn: Turn) -> Prepared:
        conversation = self._conversation if self.in_conversation else None
        turn = replace(turn, conversation=conversation, channel=MICROPHONE_CHANNEL)
        reply = self._assistant.answer(turn)
        passer_by = self._is_open and not self.in_conversation and reply.status == "unknown"
        if not self.speaks or passer_by or self._assistant.synthesizer is None:
            return Prepared(reply)
        wavs = (speech.wav for speech in self._assistant.speak_sentences(reply))
        try:
            return Prepared(reply, chain([next(wavs)], wavs))
        except VoiceError as error:
            return Prepared(reply, error=error)
