"""`voice models get`: fetch a model of the catalogue and put it in place."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voice.cli.exits import DONE
from voice.cli.options import AsJson, examples
from voice.cli.output import put, put_json, readable
from voice.cli.session import settings_from
from voice.errors import InputError

if TYPE_CHECKING:
    from voice.models.catalogue import CatalogueModel
    from voice.models.download import Progress

EXAMPLES = examples(
    "voice models get vosk-model-small-en-us-0.15",
    "voice models get vosk-model-small-de-0.15 --url https://mirror.example",
    "voice models get vosk-model-small-de-0.15 --from-file de.zip",
)


def get(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `voice models list` has it.")],
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="A mirror: the file, or the folder it is in."),
    ] = None,
    from_file: Annotated[
        Path | None,
        typer.Option("--from-file", metavar="PATH", help="Fetched by hand: the archive or files."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Fetch a model, check it and put it into the models folder.

    An interrupted download is gone on with the next time.
    """
    from voice.models.install import Source, get_model

    settings = settings_from()
    model = find_model(name)
    with shown_progress(model) as progress:
        folder = get_model(model, settings.models_folder, Source(url, from_file), progress)
    if as_json:
        put_json({"name": model.name, "path": readable(str(folder))})
    else:
        put(f"{model.name} is in {readable(str(folder))}")
    return DONE


def find_model(name: str) -> CatalogueModel:
    """Return the catalogue's model of that name; raises InputError naming the nearest."""
    from rapidfuzz import process

    from voice.models.catalogue import load_catalogue

    known = {model.name: model for model in load_catalogue()}
    if name not in known:
        nearest = [str(found[0]) for found in process.extract(name, list(known), limit=3)]
        raise InputError(f"no model is called {name!r}; the nearest are {', '.join(nearest)}")
    return known[name]


@contextmanager
def shown_progress(model: CatalogueModel) -> Iterator[Progress]:
    """Show how far a download is: a bar on a terminal, a line for each tenth elsewhere."""
    if not sys.stderr.isatty():
        yield _LineProgress(model.name).report
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(model.name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class _LineProgress:
    """Say each tenth once, on standard error: logs and pipes cannot show a bar."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._said = 0

    def report(self, done: int, total: int | None) -> None:
        tenth = 10 * done // total if total else 0
        if tenth > self._said:
            self._said = tenth
            sys.stderr.write(f"{self._name}: {tenth * 10} % of {(total or 0) >> 20} MB\n")
            sys.stderr.flush()
