"""Hear, answer, speak: the one straight line that every channel enters later or leaves earlier."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from voice.audio.decoder import AudioDecoder
from voice.audio.gate_pool import GatePool
from voice.conversation import Conversation, ConversationTokens
from voice.deadlines import audio_deadline
from voice.dialogue import Dialogue
from voice.errors import SetupError
from voice.faq import Faq
from voice.matching.matcher import Matcher
from voice.matching.normalize import normalize
from voice.phrases import Phrases
from voice.stopwatch import Stopwatch
from voice.stt import recognize
from voice.stt.protocol import Recognizer
from voice.transcribing import transcribe_pieces
from voice.tts.cached import CachedSynthesizer
from voice.tts.sentences import speak_sentences
from voice.types import (
    AudioChunk,
    HearingModel,
    Reply,
    Speech,
    Transcript,
    Transcription,
    Turn,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What an assistant is made of; what does not work here is None and told in `problems`."""

    faq: Faq
    phrases: Phrases
    matcher: Matcher
    tokens: ConversationTokens
    decoder: AudioDecoder | None = None
    gate: GatePool | None = None
    recognizer: Recognizer | None = None
    synthesizer: CachedSynthesizer | None = None
    max_audio_seconds: float = 60.0
    problems: tuple[str, ...] = ()


class Assistant:
    """Answer questions of one FAQ; safe to share between threads."""

    def __init__(self, parts: Parts) -> None:
        self.faq = parts.faq
        self.phrases = parts.phrases
        self.decoder = parts.decoder
        self.recognizer = parts.recognizer
        self.synthesizer = parts.synthesizer
        self.problems = parts.problems
        self._parts = parts
        self._tokens = parts.tokens
        self._dialogue = Dialogue(parts.faq, parts.phrases, parts.matcher.match)

    def hear(self, data: bytes, content_type: str | None = None) -> Transcript | None:
        """Return what was said in audio of any container; None when nothing was said.

        Raises AudioError for what is not usable audio, BusyError, DeadlineError, and SetupError
        when no recognizer works here.
        """
        return self.transcribe(data, content_type)

    def transcribe(
        self,
        data: bytes,
        content_type: str | None = None,
        *,
        model: HearingModel = "faq",
        max_seconds: float | None = None,
    ) -> Transcript | None:
        """Return what `hear` returns, heard with `model`: biased to the FAQ or not ("open").

        PocketSphinx knows both; Vosk always hears openly. `max_seconds` of audio are taken, as the
        setting `max_audio_seconds` says where none are given. Raises what `hear` raises.
        """
        return self._hear(data, content_type, Stopwatch(), model, max_seconds)

    def transcribe_recording(
        self,
        data: bytes,
        content_type: str | None = None,
        *,
        model: HearingModel = "open",
        max_seconds: float,
    ) -> Transcription:
        """Return what was said in up to `max_seconds` of audio, with its times; raises as `hear`.

        Long audio is heard piece by piece, and within the deadline of its length or not at all.
        """
        recognizer, decoder, gate = self._ears()
        audio = decoder.decode(data, content_type, max_seconds=max_seconds)

        def hear(speech: AudioChunk, seconds: float) -> Transcript:
            return recognize(recognizer, speech, deadline_seconds=seconds, model=model)

        segments = transcribe_pieces(audio, gate.spans, hear, audio_deadline(audio))
        return Transcription(segments, audio.seconds)

    def answer(self, turn: Turn, *, explain: bool = False) -> Reply:
        """Return the reply to a turn; never raises for any text."""
        return self._answer(turn, Stopwatch(), explain)

    def listen(
        self,
        data: bytes,
        content_type: str | None = None,
        *,
        conversation: str | None = None,
        locale: str | None = None,
        explain: bool = False,
    ) -> Reply:
        """Hear audio and answer it; raises what `hear` raises."""
        watch = Stopwatch()
        transcript = self._hear(data, content_type, watch)
        hypotheses = tuple(h.text for h in transcript.hypotheses) if transcript else ()
        text = transcript.text if transcript else ""
        turn = Turn(text, hypotheses, transcript, True, conversation, locale)
        return self._answer(turn, watch, explain)

    def speak(
        self,
        text: str,
        *,
        keep: bool = False,
        voice: str | None = None,
        rate: int | None = None,
        volume: float | None = None,
        locale: str | None = None,
    ) -> Speech:
        """Return text as speech; `keep` caches it, for FAQ answers and own phrases only.

        Raises SetupError when no speech is possible here, InputError, DeadlineError.
        """
        if self.synthesizer is None:
            raise no_speech()
        return self.synthesizer.speak(
            text, keep=keep, voice=voice, rate=rate, volume=volume, locale=locale
        )

    def speak_reply(self, reply: Reply) -> Speech:
        """Return a reply's speech, from the cache where it was spoken before."""
        return self.speak(reply.speech, keep=True, rate=self._rate(reply))

    def speak_sentences(self, reply: Reply) -> Iterator[Speech]:
        """Yield a reply's speech, one sentence after the other, for who wants to hear it at once.

        Raises what `speak` raises.
        """
        if self.synthesizer is None:
            raise no_speech()
        return speak_sentences(self.synthesizer, reply.speech, keep=True, rate=self._rate(reply))

    def greet(self) -> Reply:
        """Return the greeting that opens a conversation."""
        reply, conversation = self._dialogue.greet()
        return replace(reply, conversation=self._tokens.dump(conversation))

    def ready(self) -> bool:
        """Return whether a question of the FAQ is answered now, where one is valid today."""
        today = date.today()
        valid = next((entry for entry in self.faq.entries if entry.is_valid_on(today)), None)
        return valid is None or self.answer(Turn(valid.question)).status == "answer"

    def warm(self) -> None:
        """Speak the FAQ's answers into the cache, in the background."""
        if self.synthesizer is None:
            return
        # A first answer ends with the notice, a later one does not: both must be there.
        states = (Conversation(), Conversation(noticed=True))
        steps = [self._dialogue.greet()]
        steps += [
            self._dialogue.tell(entry, state) for state in states for entry in self.faq.entries
        ]
        self.synthesizer.warm(dict.fromkeys(reply.speech for reply, _ in steps))

    def close(self) -> None:
        """End the children and let go of the models."""
        for part in (self.recognizer, self.synthesizer, self.decoder, self._parts.gate):
            if part is not None:
                part.close()

    def _rate(self, reply: Reply) -> int | None:
        """Return the words a minute of a reply, None where they are the usual ones."""
        if self.synthesizer is None or reply.rate_factor == 1.0:
            return None
        return round(self.synthesizer.rate * reply.rate_factor)

    def _hear(
        self,
        data: bytes,
        content_type: str | None,
        watch: Stopwatch,
        model: HearingModel = "faq",
        max_seconds: float | None = None,
    ) -> Transcript | None:
        recognizer, decoder, gate = self._ears()
        longest = self._parts.max_audio_seconds if max_seconds is None else max_seconds
        with watch.stage("decode"):
            audio = decoder.decode(data, content_type, max_seconds=longest)
        with watch.stage("recognize"):
            end = audio_deadline(audio)
            speech = gate.cut(audio, end - time.monotonic())
            if speech is None:
                return None
            return recognize(
                recognizer,
                speech,
                deadline_seconds=end - time.monotonic(),
                audio_seconds=audio.seconds,
                model=model,
            )

    def _ears(self) -> tuple[Recognizer, AudioDecoder, GatePool]:
        """Return what hears; raises SetupError where something of it is missing."""
        parts = self._parts
        if parts.recognizer is None or parts.decoder is None or parts.gate is None:
            raise SetupError("no recognizer works on this machine; see `voice doctor`")
        return parts.recognizer, parts.decoder, parts.gate

    def _answer(self, turn: Turn, watch: Stopwatch, explain: bool) -> Reply:
        before = self._tokens.load(turn.conversation)
        with watch.stage("match"):
            reply, after = self._dialogue.reply(turn, before, explain=explain)
        return replace(
            reply,
            transcript=turn.transcript,
            hypotheses=tuple(normalize(text, self.faq.locale) for text in turn.hypotheses),
            conversation=self._tokens.dump(after),
            offered=len(after.offered),
            elapsed_ms=watch.with_total(),
        )


def no_speech() -> SetupError:
    """Return what is raised where nothing can be spoken."""
    return SetupError("no speech is possible on this machine; see `voice doctor`")
