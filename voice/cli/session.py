"""What most commands begin with: the settings, the log, an open assistant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

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
def opened(settings: Settings, *, hearing: bool, speaking: bool) -> Iterator[Assistant]:
    """Lend an assistant and end its children afterwards, whatever happened."""
    from voice.opening import open_assistant

    assistant = open_assistant(settings, hearing=hearing, speaking=speaking)
    try:
        yield assistant
    finally:
        assistant.close()


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
