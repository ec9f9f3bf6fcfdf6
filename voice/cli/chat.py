"""`voice chat`: a conversation in the terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from voice.cli.exits import DONE
from voice.cli.lines import checked, read_questions
from voice.cli.options import AsJson, Explain, FaqFile, Locale, examples
from voice.cli.output import for_people, put, readable
from voice.cli.replies import Printer
from voice.cli.session import opened, settings_from
from voice.errors import InputError
from voice.types import Reply, Turn

if TYPE_CHECKING:
    from voice.assistant import Assistant

PROMPT: Final = "> "
EXAMPLES = examples("voice chat", "voice chat --faq clinic.txt")


def command(
    faq: FaqFile = None,
    locale: Locale = None,
    as_json: AsJson = False,
    explain: Explain = False,
) -> int:
    """Talk with the assistant in writing.

    Answer a "did you mean" with its number or its words. Say stop, or press Ctrl-D, to end.
    """
    printer = Printer(as_json=as_json, explain=explain)
    with opened(settings_from(faq=faq, locale=locale)) as assistant:
        _talk(assistant, printer)
    return DONE


def _talk(assistant: Assistant, printer: Printer) -> None:
    reply = assistant.greet()
    printer.reply(reply)
    for text in _typed():
        try:
            reply = _reply(assistant, text, reply.conversation, explain=printer.explain)
        except InputError as error:
            printer.error(error)
            continue
        printer.reply(reply)
        if reply.end_session:
            return


def _reply(assistant: Assistant, text: str, conversation: str, *, explain: bool) -> Reply:
    return assistant.answer(Turn(checked(text), conversation=conversation), explain=explain)


def _typed() -> Iterator[str]:
    """Give what is typed, with line editing and a prompt when a person sits there."""
    if not (sys.stdin.isatty() and for_people()):
        yield from read_questions(sys.stdin.buffer)
        return
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - gives input() its line editing; not on Windows
    while True:
        try:
            yield readable(input(PROMPT))
        except EOFError:
            put()
            return
