"""`voice voices`: who can speak here."""

from __future__ import annotations

from voice.cli.exits import DONE
from voice.cli.options import AsJson, Locale, examples
from voice.cli.output import put_json, put_table
from voice.cli.session import opened_synthesizer, settings_from

EXAMPLES = examples("voice voices", "voice voices --locale de --json")


def command(locale: Locale = None, as_json: AsJson = False) -> int:
    """List the voices that can speak on this machine."""
    with opened_synthesizer(settings_from(locale=locale)) as synthesizer:
        voices = [v for v in synthesizer.voices() if _speaks(v.locales, locale)]
    if as_json:
        for voice in voices:
            put_json({"name": voice.name, "locales": list(voice.locales), "engine": voice.engine})
        return DONE
    rows = [(voice.name, ", ".join(voice.locales), voice.engine) for voice in voices]
    put_table(("voice", "languages", "engine"), rows)
    return DONE


def _speaks(spoken: tuple[str, ...], wanted: str | None) -> bool:
    """Return whether a voice speaks a language: `en` takes every English, `en-GB` only its own."""
    if wanted is None:
        return True
    tag = wanted.lower()
    return any(f"{locale.lower()}-".startswith(f"{tag}-") for locale in spoken)
