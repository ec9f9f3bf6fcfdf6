"""Text to speech: one file per engine, a cache, and what makes a text fit to be heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from voice.errors import InputError, SetupError, VoiceError
from voice.tts.protocol import Synthesizer

if TYPE_CHECKING:  # the speech child imports this package and stays small
    from voice.settings import Settings


def _open_pyttsx3(settings: Settings) -> Synthesizer:
    from voice.tts.pyttsx3 import Pyttsx3Synthesizer

    return Pyttsx3Synthesizer(settings.voice)


# What the setting `tts` may name, besides "off".
ENGINES: Final[Mapping[str, Callable[[Settings], Synthesizer]]] = MappingProxyType(
    {"auto": _open_pyttsx3, "pyttsx3": _open_pyttsx3}
)


def open_synthesizer(settings: Settings) -> Synthesizer:
    """Start the engine that `settings.tts` names; raises SetupError when it cannot speak here."""
    if settings.tts == "off":
        raise SetupError("speech is off, as the setting tts says; answers are text only")
    try:
        return ENGINES[settings.tts](settings)
    except InputError as error:
        raise SetupError(f"setting voice: {error.message}") from error
    except VoiceError as error:
        reason = error.message.splitlines()[0].rstrip(".")
        raise SetupError(f"no speech here, answers are text only: {reason}") from error
