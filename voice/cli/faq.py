"""`voice faq`: the owner's FAQ file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voice.cli import faq_export
from voice.cli.exits import DONE, NO
from voice.cli.options import AsJson, Locale, examples
from voice.cli.output import put, put_json, readable, tidy
from voice.cli.session import settings_from
from voice.errors import InputError

if TYPE_CHECKING:
    from voice.faq import Faq

HELP = "Check and export the FAQ file."
EXAMPLES = examples("voice faq check", "voice faq check clinic.yaml")


def check(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The file; without it, the one in the settings."),
    ] = None,
    locale: Locale = None,
    as_json: AsJson = False,
) -> int:
    """Name every fault of an FAQ file with its place, one a line; then ask it its own cases.

    Exit code 1 when there is one.
    """
    from voice.cases import failing_cases
    from voice.faq.lint import check_faq
    from voice.faq.locate import faq_path
    from voice.faq.readers import read_faq

    settings = settings_from(faq=file, locale=locale)
    path = faq_path(settings)
    if not path.exists():
        raise InputError(f"{path}: there is no such file")
    faults = check_faq(path)
    counts: dict[str, Any] = {}
    if not faults:
        faq = read_faq(path)
        counts = _counts(faq)
        faults = [f"{path}: cases: {line}" for line in failing_cases(faq, settings)]
    if as_json:
        put_json({"file": readable(str(path)), "ok": not faults, "faults": faults, **counts})
    else:
        told = faults or [f"{path}: OK, {_in_words(counts)}"]
        for line in told:
            put(tidy(readable(line)))
    return NO if faults else DONE


def _counts(faq: Faq) -> dict[str, Any]:
    return {
        "title": faq.title,
        "locale": faq.locale,
        "entries": len(faq.entries),
        "wordings": len(faq.phrases),
        "cases": len(faq.cases),
    }


def _in_words(counts: dict[str, Any]) -> str:
    numbers = ", ".join(f"{counts[name]} {name}" for name in ("entries", "wordings", "cases"))
    return f"{numbers} ({counts['title']}, {counts['locale']})"


GROUP = {"check": (check, EXAMPLES), "export": (faq_export.export, faq_export.EXAMPLES)}
