"""`voice say`: text to the loudspeaker or a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from voice.cli.exits import DONE
from voice.cli.lines import checked
from voice.cli.options import AsJson, Locale, OutFile, examples
from voice.cli.output import put_json, readable
from voice.cli.saving import check_target, save_speech
from voice.cli.session import opened_synthesizer, settings_from
from voice.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voice.settings import Settings
    from voice.tts.cached import CachedSynthesizer

EXAMPLES = examples(
    'voice say "Good morning."',
    'voice say --out hello.mp3 --rate 140 "Hello, how can I help?"',
    'voice say --locale de "Guten Tag."',
)


def command(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to say.")],
    out: OutFile = None,
    voice: Annotated[
        str | None,
        typer.Option("--voice", metavar="NAME", help="A voice, as `voice voices` lists them."),
    ] = None,
    rate: Annotated[
        int | None, typer.Option("--rate", metavar="WORDS", help="Speed in words a minute, 60-400.")
    ] = None,
    volume: Annotated[
        float | None, typer.Option("--volume", metavar="LEVEL", help="Loudness, 0-1.")
    ] = None,
    locale: Locale = None,
    as_json: AsJson = False,
) -> int:
    """Say a text aloud, or write it to a file as speech."""
    if out is not None:
        check_target(out)
    said = checked(readable(text))
    if not said.strip():
        raise InputError("give a text to say")
    settings = settings_from(voice=voice, rate=rate, volume=volume, locale=locale)
    with opened_synthesizer(settings) as synthesizer:
        seconds = _deliver(synthesizer, said, out, settings)
    if as_json:
        put_json({"file": out and readable(str(out)), "seconds": round(seconds, 3)})
    return DONE


def _deliver(
    synthesizer: CachedSynthesizer, text: str, out: Path | None, settings: Settings
) -> float:
    """Write the speech, or say it sentence by sentence; return its length in seconds."""
    if out is not None:
        speech = synthesizer.speak(text)
        save_speech(out, speech)
        return speech.seconds
    from voice.audio.player import play
    from voice.tts.sentences import speak_sentences

    spoken: list[float] = []

    def wavs() -> Iterator[bytes]:
        for speech in speak_sentences(synthesizer, text):
            spoken.append(speech.seconds)
            yield speech.wav

    play(wavs(), settings.loudspeaker)
    return sum(spoken)
