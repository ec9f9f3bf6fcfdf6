"""`voice faq export`: the FAQ in the form that a voice platform is set up with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voice.cli.exits import DONE
from voice.cli.options import AsJson, Locale, examples
from voice.cli.output import put, put_json, readable
from voice.cli.session import settings_from
from voice.errors import InputError

FORMATS = ("alexa",)
EXAMPLES = examples(
    "voice faq export alexa",
    "voice faq export alexa clinic.yaml --out skill/",
)


def export(
    format_name: Annotated[
        str, typer.Argument(metavar="FORMAT", help=f"One of: {', '.join(FORMATS)}.")
    ],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The FAQ file; without it, the one in the settings."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="PATH",
            help="A folder, for a file per locale, or a file ending in .json.",
        ),
    ] = None,
    locale: Locale = None,
    as_json: AsJson = False,
) -> int:
    """Print what a voice platform needs to know of the FAQ, or write it to files.

    For Alexa that is the interaction model, to be pasted into the console's JSON editor.
    """
    from voice.faq.locate import faq_path
    from voice.faq.readers import read_faq
    from voice.platforms.alexa.model import as_text, interaction_models

    if format_name not in FORMATS:
        raise InputError(f"{format_name!r} is no format; there are {', '.join(FORMATS)}")
    models = interaction_models(read_faq(faq_path(settings_from(faq=file, locale=locale))))
    if out is not None:
        texts = {name: as_text(model) for name, model in models.items()}
        _tell(_write(out, texts), as_json=as_json)
        return DONE
    model = next(iter(models.values()))  # those of one language are the same
    if as_json:
        put_json(model)
    else:
        put(as_text(model).rstrip())
    return DONE


def _write(out: Path, texts: dict[str, str]) -> list[Path]:
    """Write one file per locale into a folder, or the one text into a file; return the paths."""
    if out.suffix.lower() == ".json" and not out.is_dir():
        files = {out: next(iter(texts.values()))}
    else:
        out.mkdir(parents=True, exist_ok=True)
        files = {out / f"{locale}.json": text for locale, text in texts.items()}
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    return list(files)


def _tell(paths: list[Path], *, as_json: bool) -> None:
    for path in paths:
        if as_json:
            put_json({"file": readable(str(path))})
        else:
            put(readable(str(path)))
