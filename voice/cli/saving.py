"""Write speech to a file: the whole of it or nothing."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from voice.errors import InputError

if TYPE_CHECKING:
    from voice.types import Speech

FORMATS: Final = ("wav", "mp3", "ogg", "flac")


def check_target(path: Path) -> None:
    """Raise InputError when speech cannot be written there, before any work is done."""
    if _format(path) not in FORMATS:
        endings = ", ".join(f".{name}" for name in FORMATS)
        raise InputError(f"{path}: the name must end in one of {endings}")
    if path.is_dir():
        raise InputError(f"{path} is a folder; give a file name")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}")


def save_speech(path: Path, speech: Speech) -> None:
    """Write speech in the format that the name ends in; raises OSError and EngineError."""
    data = _encoded(speech, _format(path))
    if path.exists() and not path.is_file():
        path.write_bytes(data)  # a pipe or a device: it cannot be replaced
        return
    _write_atomically(path.resolve(), data)


def _format(path: Path) -> str:
    return path.suffix.lower().removeprefix(".")


def _encoded(speech: Speech, format_name: str) -> bytes:
    from voice.audio.decoder import AudioDecoder

    if format_name == "wav":
        return speech.wav
    decoder = AudioDecoder()
    try:
        return decoder.encode(speech.wav, format_name)
    finally:
        decoder.close()


def _write_atomically(path: Path, data: bytes) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
