"""Speech by pyttsx3, in a child process: its engines crash and hang."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from voice.errors import BusyError, DeadlineError, EngineError, InputError, VoiceError
from voice.tts.pieces import pieces
from voice.tts.protocol import RATES, VoiceInfo, VoiceOptions, check_length
from voice.tts.voices import VoiceList, engine_voice
from voice.tts.wav import wav_seconds
from voice.types import Speech
from voice.worker import WorkerDiedError, WorkerOptions, WorkerPool

_START_SECONDS: Final = 15.0
# A child that takes longer hangs: it is killed and the text tried once more on a new one. A text
# of 350 characters takes 0.02 s where nothing else runs, one of 20,000 takes 2 s.
_HANG_SECONDS: Final = 3.0
_HANG_SECONDS_PER_CHARACTER: Final = 0.002
_TRIES: Final = 2
_ANY_LOCALE: Final = "en"  # which every system speaks


class Pyttsx3Synthesizer:
    """Speak through espeak-ng on Linux, SAPI5 on Windows, NSSpeech on macOS.

    Raises InputError when there is no such `voice`, another VoiceError when no speech is possible.
    """

    name = "pyttsx3"

    def __init__(self, voice: str | None = None) -> None:
        self._folder = None if _files_in_memory() else tempfile.mkdtemp(prefix="voice-speech-")
        self._closed = False
        service = "voice.tts.pyttsx3_child:open_service"
        arguments = {"folder": self._folder}
        self._pool = WorkerPool(WorkerOptions(service, arguments, start_seconds=_START_SECONDS))
        try:
            found = self._start()
            voices = [engine_voice(*voice) for voice in found["voices"]]
            self._voices = VoiceList(voices, found["variants"], self.name)
            if voice:
                self._voices.choose(voice, _ANY_LOCALE)
        except VoiceError:
            self.close()
            raise
        self.version = f"pyttsx3 {version('pyttsx3')} {found['driver']}"

    def synthesize(self, text: str, options: VoiceOptions, deadline_seconds: float) -> Speech:
        """Return the text as a whole WAV: 16 bit, one channel, at the engine's rate.

        Raises InputError for a text that is empty or has over 20,000 characters, and for a voice,
        rate or loudness there is not; BusyError, DeadlineError, EngineError.
        """
        parts = _parts(text)
        _check(options)
        arguments = {
            "pieces": parts,
            "voice": self._voices.choose(options.voice, options.locale),
            "rate": options.rate,
            "volume": options.volume,
        }
        wav = self._speak(arguments, _hang_seconds(text), deadline_seconds)
        seconds = wav_seconds(wav)
        if seconds is None:
            raise EngineError("the speech engine gave no whole audio; try again")
        return Speech(wav, seconds)

    def voices(self) -> list[VoiceInfo]:
        """Return the voices there are, then the variants that can be added to each."""
        return self._voices.infos()

    def close(self) -> None:
        """End the child, also in the middle of a text."""
        self._closed = True
        self._pool.stop()
        with suppress(BusyError), self._pool.lease(_HANG_SECONDS):
            self._pool.stop()  # the one that a caller may have started meanwhile
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> dict[str, Any]:
        try:
            self._pool.start()
            return self._pool.call("describe", deadline_seconds=_START_SECONDS)[0]
        except WorkerDiedError as error:
            raise EngineError("the speech process ended as it started") from error
        except DeadlineError as error:
            raise DeadlineError(f"no speech process in {_START_SECONDS:.0f} s") from error

    def _speak(self, arguments: dict[str, Any], hang_seconds: float, seconds: float) -> bytes:
        end = time.monotonic() + seconds
        with self._pool.lease(seconds) as worker:
            for left in reversed(range(_TRIES)):
                if self._closed:
                    break
                remaining = max(end - time.monotonic(), 0.001)
                try:
                    limit = min(remaining, hang_seconds)
                    return worker.call("speak", arguments, deadline_seconds=limit)[1]
                except (WorkerDiedError, DeadlineError) as error:
                    if time.monotonic() >= end:
                        raise DeadlineError(f"speech took longer than {seconds:.1f} s") from error
                    if not left:
                        raise EngineError(f"the speech engine fails: {error.message}") from error
                except VoiceError as error:
                    raise _as_own(error) from error
        raise EngineError("the speech engine is closed")


def _parts(text: str) -> list[str]:
    check_length(text)
    parts = list(pieces(text))
    if not parts:
        raise InputError("there is nothing to say: the text is empty")
    return parts


def _check(options: VoiceOptions) -> None:
    least, most = RATES
    if not least <= options.rate <= most:
        raise InputError(f"rate must be {least} to {most} words a minute")
    if not 0 <= options.volume <= 1:
        raise InputError("volume must be 0 to 1")


def _hang_seconds(text: str) -> float:
    return _HANG_SECONDS + _HANG_SECONDS_PER_CHARACTER * len(text)


def _as_own(error: VoiceError) -> VoiceError:
    """Return the child's error as the class that its code stands for."""
    kind = InputError if error.code == InputError.code else EngineError
    return kind(error.message)


def _files_in_memory() -> bool:
    return hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir()
