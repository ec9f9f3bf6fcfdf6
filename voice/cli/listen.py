"""`voice listen`: audio files, heard and answered in order."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from voice.cli.exits import BAD_USE, DONE, complain
from voice.cli.options import AsJson, Explain, FaqFile, Locale, Speak, examples
from voice.cli.replies import Printer, code_of, say_reply
from voice.cli.session import opened, settings_from
from voice.errors import InputError, VoiceError

if TYPE_CHECKING:
    from voice.assistant import Assistant
    from voice.settings import Settings

EXAMPLES = examples(
    "voice listen question.wav",
    "voice listen --json monday/*.ogg",
    "voice listen --speak - < question.mp3",
)
MEGABYTE: Final = 1 << 20
STANDARD_INPUT: Final = Path("-")


def command(
    audio: Annotated[
        list[Path] | None,
        typer.Argument(metavar="AUDIO", help="Files of any audio format; - is standard input."),
    ] = None,
    faq: FaqFile = None,
    locale: Locale = None,
    as_json: AsJson = False,
    speak: Speak = False,
    explain: Explain = False,
) -> int:
    """Answer what is asked in audio files, one reply a file.

    A file that cannot be used is told in its place, and the exit code is then 2. A single file
    that gets no answer is exit code 1.
    """
    if not audio:
        raise InputError("give audio files; the microphone is not there yet")
    printer = Printer(as_json=as_json, explain=explain, batch=len(audio) > 1)
    settings = settings_from(faq=faq, locale=locale)
    with opened(settings, hearing=True, speaking=speak) as assistant:
        _advise(assistant, settings)
        max_bytes = int(settings.max_audio_mb * MEGABYTE)
        codes = [
            _answer_file(assistant, file, printer, max_bytes=max_bytes, speak=speak)
            for file in audio
        ]
    if BAD_USE in codes:
        return BAD_USE
    return DONE if printer.batch else codes[0]


def _advise(assistant: Assistant, settings: Settings) -> None:
    """Tell a person how to hear better."""
    from voice.stt import hearing_advice

    advice = hearing_advice(settings, assistant.faq.locale) if sys.stderr.isatty() else None
    if advice:
        complain(advice)


def _answer_file(
    assistant: Assistant, file: Path, printer: Printer, *, max_bytes: int, speak: bool
) -> int:
    try:
        reply = assistant.listen(_read(file, max_bytes), explain=printer.explain)
    except VoiceError as error:
        printer.error(error, file)
        return BAD_USE
    printer.reply(reply, file)
    if speak:
        say_reply(assistant, reply)
    return code_of(reply)


def _read(file: Path, max_bytes: int) -> bytes:
    """Return the bytes of a file, at most one more than may be: the decoder then says so."""
    try:
        with nullcontext(sys.stdin.buffer) if file == STANDARD_INPUT else file.open("rb") as pipe:
            return pipe.read(max_bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot read the file: {why}", code="unreadable") from None
