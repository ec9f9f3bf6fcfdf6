"""What most commands begin with: the settings, the log, an open assistant."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from voice.cli.exits import complain
from voice.errors import SetupError

if TYPE_CHECKING:
    from voice.assistant import Assistant
    from voice.settings import Settings
    from voice.tts.cached import CachedSynthesizer


def settings_from(*, quiet: bool = True, **overrides: Any) -> Settings:
    """Return the settings with what the command line gives on top, and set up the log.

    Raises InputError naming the faulty setting.
    """
    from voice.cli.logs import set_up_logging
    from voice.settings import load_settings

    settings = load_settings(overrides)
    set_up_logging(settings, quiet=quiet)
    return settings


@contextmanager
def opened(
    settings: Settings, *, hearing: bool = False, speaking: bool | None = False
) -> Iterator[Assistant]:
    """Lend an assistant and end its children afterwards, whatever happened.

    `speaking` None is speech if it is possible. Raises SetupError when it cannot do what is asked
    for.
    """
    from voice.opening import open_assistant

    assistant = open_assistant(settings, hearing=hearing, speaking=speaking is not False)
    try:
        if hearing and assistant.recognizer is None:
            raise _cannot("hear", assistant, settings.stt == "off")
        if speaking and assistant.synthesizer is None:
            raise _cannot("speak", assistant, settings.tts == "off")
        yield assistant
    finally:
        assistant.close()


def advise(assistant: Assistant, settings: Settings) -> None:
    """Tell a person how to hear better."""
    from voice.stt import hearing_advice

    advice = hearing_advice(settings, assistant.faq.locale) if sys.stderr.isatty() else None
    if advice:
        complain(advice)


def _cannot(do: str, assistant: Assistant, is_off: bool) -> SetupError:
    setting = {"hear": "stt", "speak": "tts"}[do]
    why = f"the setting {setting} is off" if is_off else "; ".join(assistant.problems)
    return SetupError(f"cannot {do}: {why}")


@contextmanager
def opened_synthesizer(settings: Settings) -> Iterator[CachedSynthesizer]:
    """Lend a synthesizer, without a cache; raises SetupError when no speech is possible here."""
    from voice.tts import open_synthesizer
    from voice.tts.cached import CachedSynthesizer
    from voice.tts.protocol import VoiceOptions

    options = VoiceOptions(settings.voice, settings.locale or "en", settings.rate, settings.volume)
    synthesizer = CachedSynthesizer(open_synthesizer(settings), None, options)
    try:
        yield synthesizer
    finally:
        synthesizer.close()
