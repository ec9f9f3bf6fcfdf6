"""Can files be kept where they belong, and is the address to serve on free?"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from voice.doctor.check import Check, Patient
from voice.errors import VoiceError
from voice.server.listener import bind

_LOSSES: Final = {
    "home": ("conversations end when the program does", "VOICE_HOME"),
    "cache": ("every answer is spoken anew", "VOICE_CACHE"),
}


def examine_folders(patient: Patient) -> Iterator[Check]:
    """Check that the home and cache folders can be written to, or made."""
    settings = patient.settings
    for name, folder in (("home", settings.home_folder), ("cache", settings.cache_folder)):
        why_not = _why_not_writable(folder)
        if why_not is None:
            yield Check(name, "ok", str(folder))
        else:
            loss, variable = _LOSSES[name]
            detail = f"{folder}: {why_not}; {loss}"
            yield Check(name, "warn", detail, f"set {variable} to a folder that can be written to")


def examine_port(patient: Patient) -> Iterator[Check]:
    """Take the address for a moment, as the server would."""
    settings = patient.settings
    try:
        bind(settings).close()
    except VoiceError as error:
        mend = "" if settings.host != "127.0.0.1" else "the server may be running already"
        yield Check("port", "warn", error.message, mend)
    else:
        yield Check("port", "ok", f"{settings.host}:{settings.port} is free")


def _why_not_writable(folder: Path) -> str | None:
    """Return why no file can be kept in a folder that is there or may have to be made."""
    existing = next(
        path for path in (folder.absolute(), *folder.absolute().parents) if path.exists()
    )
    if existing != folder.absolute():
        return None if os.access(existing, os.W_OK | os.X_OK) else f"{existing} is read-only"
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return error.strerror or str(error)
