"""Where espeak-ng's library, languages and voice variants are; used in the speech child only."""

from __future__ import annotations

import ctypes
import os
import re
import time
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

_POLL_SECONDS: Final = 0.0005


class Espeak(NamedTuple):
    """The espeak that pyttsx3 uses."""

    version: str
    data: Path

    def wait_until_idle(self) -> None:
        """Wait for espeak's own thread; pyttsx3 cancels what runs there when it starts a run."""
        is_playing = import_module("pyttsx3.drivers._espeak").IsPlaying
        while is_playing():
            time.sleep(_POLL_SECONDS)

    def variants(self) -> list[str]:
        """Return the names that can follow a voice's name and a "+", as f3 in en-us+f3."""
        folder = self.data / "voices" / "!v"
        return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []

    def speakable_languages(self) -> set[str]:
        """Return the voice ids whose language has a dictionary; the others are silent."""
        root = self.data / "lang"
        files = (file for file in root.rglob("*") if file.is_file())
        return {
            file.relative_to(root).as_posix().lower()  # as pyttsx3 spells them
            for file in files
            if (self.data / f"{_dictionary(file)}_dict").is_file()
        }


def load_packaged_espeak() -> None:
    """Load espeakng-loader's library so that pyttsx3 finds it by its soname.

    Where that package is missing or does not load, pyttsx3 looks for the system's own library.
    Its folder becomes the working directory: espeak ends the process when the path of its data
    has over 160 characters, so it is given a relative one.
    """
    try:
        loader = import_module("espeakng_loader")
        data = Path(loader.get_data_path())
        ctypes.CDLL(loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    except (ImportError, OSError, RuntimeError):
        return
    os.chdir(data.parent)
    os.environ["ESPEAK_DATA_PATH"] = data.name


def loaded_espeak() -> Espeak:
    """Return which espeak pyttsx3's driver has opened."""
    path = ctypes.c_char_p()
    version = import_module("pyttsx3.drivers._espeak").Info(ctypes.addressof(path))
    return Espeak(version.decode(), Path(os.fsdecode(path.value or b"")))


def _dictionary(language: Path) -> str:
    text = language.read_text(encoding="utf-8", errors="replace")
    named = re.search(r"^dictionary\s+(\S+)", text, re.MULTILINE)
    spoken = re.search(r"^language\s+([A-Za-z]+)", text, re.MULTILINE)
    return named[1] if named else spoken[1] if spoken else language.name
