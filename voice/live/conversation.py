"""The loop at the microphone: hear, reply, hear again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from voice.assistant import Assistant
from voice.audio.listener import Listener
from voice.audio.microphone import Microphone, MicrophoneGoneError
from voice.audio.player import Loudspeaker
from voice.audio.segmenter import Event, SegmenterOptions
from voice.audio.wav import read_wav
from voice.dialogue import MAX_CHOICES
from voice.errors import SetupError, VoiceError
from voice.live.answering import Answering, Prepared
from voice.live.echo import is_echo
from voice.live.level import LevelWatch
from voice.live.mouth import Mouth
from voice.live.surface import Keys, Screen
from voice.matching.normalize import normalize
from voice.settings import Settings
from voice.stt.live import Heard
from voice.types import AudioChunk, Reply

RETRY_SECONDS: Final = 1.0
# Who has pressed the key and says nothing for so long has changed their mind.
WAIT_SECONDS: Final = 8.0
NEITHER_KEY: Final = "n"
CHOICE_KEYS: Final = {"1": "first", "2": "second", "3": "third", NEITHER_KEY: "neither"}
TALK_KEY: Final = " "
# Silence that ends a question when the recognizer believes so, too.
ENDPOINT_SECONDS: Final = 0.3
LISTENING: Final = "listening"
SPEAKING: Final = "speaking; space stops it"
PUSH: Final = "press space and ask"


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """How to talk."""

    speaks: bool | None = None  # None: if that is possible here
    once: bool = False  # one question only
    push_to_talk: bool = False


class LiveConversation:
    """Talk with whoever is at the microphone."""

    def __init__(
        self,
        assistant: Assistant,
        settings: Settings,
        options: LiveOptions,
        screen: Screen,
        keys: Keys,
    ) -> None:
        if assistant.recognizer is None:
            raise SetupError("no recognizer works on this machine; see `voice doctor`")
        self._assistant = assistant
        self._options = options
        self._screen = screen
        self._keys = keys
        self._microphone = Microphone(settings.microphone)
        self._loudspeaker = Loudspeaker(settings.loudspeaker)
        self._mouth = Mouth(self._loudspeaker)
        self._answering = Answering(assistant, is_open=not (options.push_to_talk or options.once))
        wait_seconds = WAIT_SECONDS if options.push_to_talk else None
        segmenter = segmenter_options(settings, wait_seconds)
        self._listener = Listener(assistant.recognizer, self._answering.prepare, segmenter)
        self._levels = LevelWatch()
        self._talking = not options.push_to_talk
        self._was_heard = False  # whether the microphone heard the loudspeaker
        self._last: Reply | None = None
        self._told = ""  # the last notice about speaking
        self._has_opened = False  # whether there ever was a microphone, and ...
        self._is_there = False  # ... whether it gives sound

    def run(self) -> Reply:
        """Talk until Ctrl-C, or until one question is answered; return the last reply.

        Raises SetupError when there is no microphone, or no loudspeaker that must be, to begin
        with; a microphone that goes away later is waited for.
        """
        try:
            self._answering.speaks = self._can_speak()
            while True:
                reply = self._talk_while_there_is_a_microphone()
                if reply is not None:
                    return reply
        finally:
            self._loudspeaker.close()
            self._listener.close()

    def _can_speak(self) -> bool:
        """Open the loudspeaker, so that the first answer need not wait for it."""
        if self._options.speaks is False:
            return False
        try:
            greeting = self._assistant.speak(self._assistant.phrases.say["greeting"], keep=True)
            self._loudspeaker.open(read_wav(greeting.wav).rate_hz)
        except VoiceError as error:
            if self._options.speaks:
                raise
            self._screen.notice(f"answers are only shown: {error.message}")
            return False
        return True

    def _talk_while_there_is_a_microphone(self) -> Reply | None:
        try:
            with self._microphone:
                self._has_opened = True
                self._screen.state(self._what_to_do())
                return self._talk()
        except MicrophoneGoneError as error:
            if not self._has_opened:
                raise
            self._listener.reset()
            if self._is_there:
                self._screen.notice(error.message)
            self._is_there = False
            time.sleep(RETRY_SECONDS)
        return None

    def _talk(self) -> Reply | None:
        """Talk until one question is answered, where there is to be only one."""
        for chunk in self._microphone.chunks():
            self._is_there = True
            key = self._keys.pressed()
            if key is not None:
                self._press(key)
            if self._hears_itself():
                continue
            if self._options.once and self._last is not None:
                return self._last
            self._hear(chunk)
        return None

    def _hears_itself(self) -> bool:
        """Return whether what comes from the microphone is to be dropped."""
        try:
            is_heard = self._mouth.is_heard()
        except VoiceError as error:
            is_heard = False
            self._tell_once(f"the answer cannot be spoken: {error.message}")
        if self._was_heard and not is_heard:  # what is waiting was heard before
            self._microphone.drop_waiting()
            self._listener.reset()
            self._answering.keep_open()
            self._screen.state(self._what_to_do())
        self._was_heard, was_heard = is_heard, self._was_heard
        return is_heard or was_heard

    def _hear(self, chunk: AudioChunk) -> None:
        complaint = self._levels.process(chunk)
        if complaint is not None:
            self._screen.notice(complaint)
        if not self._talking:
            return
        try:
            for moment in self._listener.process(chunk):
                self._screen.hearing(moment.level_db, moment.words)
                if moment.event in (Event.ENDED, Event.GAVE_UP):
                    self._finish(moment.heard, moment.seconds, moment.time)
        except VoiceError as error:
            if self._options.once:
                raise
            self._screen.notice(error.message)

    def _finish(self, heard: Heard[Prepared] | None, seconds: float, ended: float) -> None:
        """Give the reply to an utterance of that length, unless there is nothing to reply to."""
        was_asked, self._talking = self._options.push_to_talk, not self._options.push_to_talk
        if heard is not None and heard.transcript.text:
            if not self._is_echo(heard.transcript.text, seconds):
                self._give(heard.prepared.since(ended))
        elif was_asked:  # whoever pressed a key wants to know
            self._give(self._answering.prepare_silence())

    def _is_echo(self, text: str, seconds: float) -> bool:
        locale = self._assistant.faq.locale
        said = normalize(self._mouth.said, locale)
        return is_echo(normalize(text, locale), said, self._mouth.seconds_since - seconds)

    def _give(self, prepared: Prepared) -> None:
        if prepared.wavs is not None:
            self._mouth.say(prepared.reply.speech, prepared.wavs)
        if prepared.error is not None:
            self._tell_once(f"the answer cannot be spoken: {prepared.error.message}")
        self._last = prepared.reply
        self._answering.accept(prepared.reply)
        self._screen.reply(prepared.reply)
        self._screen.state(SPEAKING if prepared.wavs is not None else self._what_to_do())

    def _press(self, key: str) -> None:
        if self._is_offered(key):
            self._mouth.stop()
            self._listener.reset()
            self._give(self._answering.prepare_choice(CHOICE_KEYS[key]))
        elif key == TALK_KEY and self._mouth.stop():
            return
        elif key == TALK_KEY and self._options.push_to_talk:
            self._push()

    def _is_offered(self, key: str) -> bool:
        """Return whether the key chooses something that was asked back."""
        last = self._last
        if last is None or last.status != "clarify" or not self._answering.in_conversation:
            return False
        offered = [*CHOICE_KEYS][: min(len(last.candidates), MAX_CHOICES)]
        return key in (*offered, NEITHER_KEY)

    def _push(self) -> None:
        """Begin to hear, or end it, as push-to-talk does."""
        if self._talking:
            ended = time.monotonic()
            self._finish(self._listener.end(), 0.0, ended)
            return
        self._listener.reset()
        self._talking = True
        self._screen.state(LISTENING)

    def _what_to_do(self) -> str:
        return LISTENING if self._talking else PUSH

    def _tell_once(self, text: str) -> None:
        if text != self._told:
            self._told = text
            self._screen.notice(text)


def segmenter_options(settings: Settings, wait_seconds: float | None = None) -> SegmenterOptions:
    """Return what the settings say about where a question ends."""
    return SegmenterOptions(
        pause_seconds=min(settings.pause_seconds, settings.silence_seconds),
        silence_seconds=settings.silence_seconds,
        endpoint_seconds=min(ENDPOINT_SECONDS, settings.silence_seconds),
        utterance_seconds=settings.utterance_seconds,
        wait_seconds=wait_seconds,
    )
