"""`voice doctor`: what works on this machine, and how to mend what doesn't."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Final

import typer

from voice.cli.exits import DONE, NO
from voice.cli.options import AsJson, FaqFile, Locale, examples
from voice.cli.output import for_people, put, put_json, readable, tidy
from voice.cli.session import settings_from

if TYPE_CHECKING:
    from voice.doctor import Check

EXAMPLES = examples(
    "voice doctor", "voice doctor --sound", "voice doctor --json", "voice doctor --faq clinic.yaml"
)
_COLORS: Final = {"ok": "green", "warn": "yellow", "fail": "bold red"}
_NAME_WIDTH: Final = 16


def command(
    faq: FaqFile = None,
    locale: Locale = None,
    as_json: AsJson = False,
    sound: Annotated[
        bool,
        typer.Option("--sound", help="Also play a tone and a question, and hear them back."),
    ] = False,
) -> int:
    """Find out what works here, and how to mend what does not.

    Exit code 1 when questions cannot be answered; what only voice needs is a warning.
    """
    from voice.doctor import examine

    code = DONE
    for check in examine(settings_from(faq=faq, locale=locale), sound=sound):
        if check.state == "fail":
            code = NO
        if as_json:
            put_json({name: readable(text) for name, text in asdict(check).items()})
        else:
            _put(check)
    return code


def _put(check: Check) -> None:
    state = f"{check.state:<5}"
    line = f"{check.name:<{_NAME_WIDTH}} {tidy(readable(check.detail))}"
    mend = f"{'':<6}{'':<{_NAME_WIDTH}} -> {tidy(readable(check.mend))}" if check.mend else ""
    if not for_people():
        for text in filter(None, [f"{state} {line}", mend]):
            put(text)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console()
    console.print(Text.assemble((state, _COLORS[check.state]), f" {line}"))
    if mend:
        console.print(Text(mend, style="italic"))
