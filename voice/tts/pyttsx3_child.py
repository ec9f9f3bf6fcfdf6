"""The child that owns pyttsx3: one engine, one thread, one file a run.

pyttsx3 crashes or hangs when threads share it, so nothing else may import it. It hands over audio
only as a file; where the system has files in memory, that is what it writes to.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from voice.errors import EngineError, InputError, SetupError
from voice.tts.espeak import load_packaged_espeak, loaded_espeak
from voice.tts.wav import read_audio, wav_of
from voice.types import AudioChunk
from voice.worker.frames import Frame

MAX_SPEECH_SECONDS: Final = 1800.0  # 80 MB of audio
_POLL_SECONDS: Final = 0.0005
_FIRST_TEXT: Final = "ready"


def open_service(folder: str | None) -> PyttsService:
    """Return the service; its files go to memory, or under `folder` when one is given."""
    sys.stdout = None  # pyttsx3 prints "Audio saved to ..."
    return PyttsService(folder)


class PyttsService:
    """Speak, and say which voices there are."""

    def __init__(self, folder: str | None) -> None:
        if sys.platform.startswith("linux"):
            load_packaged_espeak()
        try:
            self._engine: Any = import_module("pyttsx3").init()
        except Exception as error:  # each driver raises its own kinds
            raise SetupError(f"pyttsx3 finds no speech engine: {error}") from error
        self._espeak = loaded_espeak() if str(self._engine) == "espeak" else None
        self._folder = folder
        self._failures: list[str] = []
        self._properties: dict[str, Any] = {}
        self._engine.connect("error", self._on_error)
        self._run(_FIRST_TEXT)  # the first run returns before its file is whole; others do not

    def __call__(self, method: str, arguments: dict[str, Any], payload: bytes) -> Frame:
        """Answer one call of the parent: `describe` or `speak`."""
        if method == "describe":
            return self._describe(), b""
        return {}, wav_of(self._speak(**arguments))

    def _describe(self) -> dict[str, Any]:
        voices = [
            (voice.id, voice.name.strip(), voice.languages)
            for voice in self._engine.getProperty("voices")
        ]
        variants: list[str] = []
        release = platform.release()
        if self._espeak:
            languages = self._espeak.speakable_languages()
            voices = [voice for voice in voices if voice[0] in languages]
            variants, release = self._espeak.variants(), self._espeak.version
        return {"driver": f"{self._engine} {release}", "voices": voices, "variants": variants}

    def _speak(self, pieces: Sequence[str], voice: str, rate: int, volume: float) -> AudioChunk:
        self._set(voice=voice, rate=rate, volume=volume)
        chunks: list[AudioChunk] = []
        for piece in pieces:
            chunks.append(self._run(piece))
            if sum(chunk.seconds for chunk in chunks) > MAX_SPEECH_SECONDS:
                minutes = MAX_SPEECH_SECONDS / 60
                raise InputError(f"the text makes more than {minutes:.0f} minutes of speech")
        return AudioChunk(b"".join(chunk.pcm for chunk in chunks), chunks[0].rate_hz)

    def _set(self, **properties: Any) -> None:
        for name, value in properties.items():
            if self._properties.get(name) != value:
                self._properties.pop(name, None)
                self._wait_until_idle()
                self._engine.setProperty(name, value)
                self._raise_failure()
                self._properties[name] = value

    def _run(self, text: str) -> AudioChunk:
        """Speak into a file of its own; the parent's deadline ends a wait that never ends."""
        with _new_file(self._folder) as path:
            self._wait_until_idle()
            self._engine.save_to_file(text, str(path))
            self._engine.runAndWait()
            while True:
                self._raise_failure()
                chunk = read_audio(path.read_bytes()) if path.exists() else None
                if chunk:
                    return chunk
                time.sleep(_POLL_SECONDS)

    def _wait_until_idle(self) -> None:
        if self._espeak:
            self._espeak.wait_until_idle()

    def _on_error(self, exception: Exception, **_: Any) -> None:
        self._failures.append(f"{type(exception).__name__}: {exception}")

    def _raise_failure(self) -> None:
        if self._failures:
            message = "; ".join(self._failures)
            self._failures.clear()
            raise EngineError(f"pyttsx3: {message}")


@contextmanager
def _new_file(folder: str | None) -> Iterator[Path]:
    if folder is None:
        descriptor = os.memfd_create("speech")
        try:
            yield Path(f"/proc/self/fd/{descriptor}")
        finally:
            os.close(descriptor)
    else:
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)  # a cleaner of /tmp took it
        with tempfile.TemporaryDirectory(dir=folder) as own:
            yield Path(own) / "speech.wav"
