"""`voice listen`: the microphone, or audio files, heard and answered."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from voice.cli.exits import BAD_USE, DONE
from voice.cli.options import AsJson, Explain, FaqFile, Locale, examples
from voice.cli.replies import Printer, code_of, say_reply
from voice.cli.session import advise, opened, settings_from
from voice.cli.talk import talk
from voice.errors import InputError, VoiceError

if TYPE_CHECKING:
    from voice.assistant import Assistant
    from voice.settings import Settings

EXAMPLES = examples(
    "voice listen",
    "voice listen --push-to-talk --device usb",
    "voice listen question.wav",
    "voice listen --json monday/*.ogg",
    "voice listen --speak - < question.mp3",
)
MEGABYTE: Final = 1 << 20
STANDARD_INPUT: Final = Path("-")


Audio = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[AUDIO ...]",
        help="Files of any audio format, - is standard input; without, the microphone.",
    ),
]
Speak = Annotated[
    bool | None,
    typer.Option(
        "--speak/--no-speak",
        help="Say answers aloud; that is the default at the microphone.",
        show_default=False,
    ),
]


def command(
    audio: Audio = None,
    faq: FaqFile = None,
    locale: Locale = None,
    as_json: AsJson = False,
    speak: Speak = None,
    once: Annotated[bool, typer.Option("--once", help="Answer one spoken question only.")] = False,
    push_to_talk: Annotated[
        bool, typer.Option("--push-to-talk", help="Hear only after the space bar was pressed.")
    ] = False,
    device: Annotated[
        str | None,
        typer.Option("--device", metavar="NAME", help="The microphone: number or part of a name."),
    ] = None,
    explain: Explain = False,
) -> int:
    """Answer what is asked at the microphone, or in audio files.

    The microphone is heard until Ctrl-C. A "did you mean" is answered by voice or by the keys 1 to
    3, and n for neither; space stops an answer. Each file has one reply, or is told in its place
    when it cannot be used, and the exit code is then 2. A single file, or the question of --once,
    that gets no answer is exit code 1.
    """
    if not audio:
        printer = Printer(as_json=as_json, explain=explain)
        settings = settings_from(faq=faq, locale=locale, microphone=device)
        return talk(settings, printer, speaks=speak, once=once, push_to_talk=push_to_talk)
    if once or push_to_talk or device is not None:
        raise InputError(
            "--once, --push-to-talk and --device are for the microphone, not for files"
        )
    printer = Printer(as_json=as_json, explain=explain, batch=len(audio) > 1)
    settings = settings_from(faq=faq, locale=locale)
    return _answer_files(audio, settings, printer, speak=bool(speak))


def _answer_files(audio: list[Path], settings: Settings, printer: Printer, *, speak: bool) -> int:
    with opened(settings, hearing=True, speaking=speak) as assistant:
        advise(assistant, settings)
        codes = [_answer_file(assistant, file, printer, settings, speak=speak) for file in audio]
    if BAD_USE in codes:
        return BAD_USE
    return DONE if printer.batch else codes[0]


def _answer_file(
    assistant: Assistant, file: Path, printer: Printer, settings: Settings, *, speak: bool
) -> int:
    try:
        data = _read(file, int(settings.max_audio_mb * MEGABYTE))
        reply = assistant.listen(data, explain=printer.explain)
    except VoiceError as error:
        printer.error(error, file)
        return BAD_USE
    printer.reply(reply, file)
    if speak:
        say_reply(assistant, reply, settings.loudspeaker)
    return code_of(reply)


def _read(file: Path, max_bytes: int) -> bytes:
    """Return the bytes of a file, at most one more than may be: the decoder then says so."""
    try:
        with nullcontext(sys.stdin.buffer) if file == STANDARD_INPUT else file.open("rb") as pipe:
            return pipe.read(max_bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot read the file: {why}", code="unreadable") from None
