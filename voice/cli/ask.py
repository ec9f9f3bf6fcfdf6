"""`voice ask`: one question, or one a line from standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voice.cli.exits import BAD_USE, DONE
from voice.cli.lines import checked, read_questions
from voice.cli.options import AsJson, Explain, FaqFile, Locale, OutFile, Speak, examples
from voice.cli.output import readable
from voice.cli.replies import Printer, code_of, say_reply
from voice.cli.saving import check_target, save_speech
from voice.cli.session import opened, settings_from
from voice.errors import InputError, VoiceError
from voice.types import Turn

if TYPE_CHECKING:
    from voice.assistant import Assistant

EXAMPLES = examples(
    'voice ask "why does my back crack?"',
    'voice ask --faq clinic.txt --json "is it bad to crack your back?"',
    'voice ask --out answer.mp3 "how do I crack my back?"',
    "voice ask --json < questions.txt",
)


def command(
    question: Annotated[
        str | None,
        typer.Argument(metavar="QUESTION", help="The question; without it, one a line is read."),
    ] = None,
    faq: FaqFile = None,
    locale: Locale = None,
    as_json: AsJson = False,
    speak: Speak = False,
    out: OutFile = None,
    explain: Explain = False,
) -> int:
    """Answer one question, or one a line from standard input.

    Each line is a conversation of its own; its reply is printed before the next line is read. A
    single question that gets no answer is exit code 1.
    """
    _check(question, out)
    printer = Printer(as_json=as_json, explain=explain, batch=question is None)
    settings = settings_from(faq=faq, locale=locale)
    with opened(settings, speaking=speak or out is not None) as assistant:
        if question is None:
            return _answer_lines(assistant, printer, settings.loudspeaker, speak=speak)
        reply = assistant.answer(Turn(readable(question), locale=locale), explain=explain)
        printer.reply(reply)
        if out is not None:
            save_speech(out, assistant.speak_reply(reply))
        if speak:
            say_reply(assistant, reply, settings.loudspeaker)
        return code_of(reply)


def _check(question: str | None, out: Path | None) -> None:
    if question is None and sys.stdin.isatty():
        raise InputError(
            'give a question, as in `voice ask "why does my back crack?"`, or use `voice chat`'
        )
    if question is None and out is not None:
        raise InputError("--out takes one question, given as an argument")
    if out is not None:
        check_target(out)
    if question is not None:
        checked(question)


def _answer_lines(
    assistant: Assistant, printer: Printer, loudspeaker: str | None, *, speak: bool
) -> int:
    code = DONE
    for question in read_questions(sys.stdin.buffer):
        try:
            reply = assistant.answer(Turn(checked(question)), explain=printer.explain)
        except VoiceError as error:
            printer.error(error)
            code = BAD_USE
            continue
        printer.reply(reply)
        if speak:
            say_reply(assistant, reply, loudspeaker)
    return code
