"""Real clients of the voice platforms' protocols, to try them without an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

from voice.errors import InputError
from voice.settings import Settings
from voice.simulate.protocol import Caller

# Each module has `open_caller` and `trusting_settings`, as below.
SIMULATORS: Final[Mapping[str, str]] = {
    "openai": "voice.simulate.openai",
    "wyoming": "voice.simulate.wyoming",
}


def open_caller(platform: str, url: str, settings: Settings) -> Caller:
    """Return a caller of the server at `url` (http://host:port), whose settings are given.

    Raises InputError for a platform that nobody simulates and when a secret is missing.
    """
    opener: Callable[[str, Settings], Caller] = import_module(_module(platform)).open_caller
    return opener(url, settings)


def trusting_settings(platform: str, folder: Path) -> dict[str, object]:
    """Return settings that make a server trust this caller; keys are made in `folder`."""
    make: Callable[[Path], dict[str, object]] = import_module(_module(platform)).trusting_settings
    return make(folder)


def _module(platform: str) -> str:
    if platform not in SIMULATORS:
        raise InputError(f"no such platform; there are {', '.join(SIMULATORS)}")
    return SIMULATORS[platform]
