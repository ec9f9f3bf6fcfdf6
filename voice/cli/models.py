"""`voice models`: the models that are known, and those that are here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voice.cli.exits import DONE, NO
from voice.cli.models_get import EXAMPLES as GET_EXAMPLES
from voice.cli.models_get import get
from voice.cli.options import AsJson, examples
from voice.cli.output import put, put_json, put_table, readable, tidy
from voice.cli.session import settings_from

if TYPE_CHECKING:
    from voice.models.catalogue import CatalogueModel
    from voice.models.check import ModelReport

HELP = "List, get and check speech models."
LIST_EXAMPLES = examples("voice models list", "voice models list --json")
CHECK_EXAMPLES = examples(
    "voice models check", "voice models check models/vosk-model-small-de-0.15"
)
EXAMPLES = examples(
    "voice models list", "voice models get vosk-model-small-en-us-0.15", "voice models check"
)
_COLUMNS = ("name", "kind", "language", "MB", "license", "here")


def list_models(as_json: AsJson = False) -> int:
    """List the models that are known, and those that are here."""
    from voice.models.catalogue import load_catalogue
    from voice.models.installed import installed_models

    folder = settings_from().models_folder
    known = load_catalogue()
    names = {model.name for model in known}
    bodies = [_known(model, folder) for model in known]
    bodies += [_own(path) for path in installed_models(folder) if path.name not in names]
    if as_json:
        for body in bodies:
            put_json(body)
        return DONE
    put_table(_COLUMNS, [_row(body) for body in bodies])
    return DONE


def check(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="PATH", help="A model folder; without it, all that are here."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Check that models are whole and load.

    Exit code 1 when one cannot be used.
    """
    from voice.models.check import check_model
    from voice.models.installed import installed_models

    folder = settings_from().models_folder
    paths = [path] if path is not None else installed_models(folder)
    if not paths and not as_json:
        put(f"no models in {readable(str(folder))}; what the packages carry is used")
    ok = True
    for each in paths:
        report = check_model(each)
        ok = ok and report.ok
        _put_report(report, as_json=as_json)
    return DONE if ok else NO


def _known(model: CatalogueModel, folder: Path) -> dict[str, Any]:
    path = folder / model.name
    return {
        "name": model.name,
        "kind": model.kind,
        "locale": model.locale,
        "license": model.license,
        "megabytes": model.about_mb or _megabytes(sum(f.bytes or 0 for f in model.files)),
        "note": model.note,
        "path": readable(str(path)) if path.is_dir() else None,
    }


def _own(path: Path) -> dict[str, Any]:
    from voice.models.check import check_model
    from voice.models.find import model_locale

    report = check_model(path, load=False)
    return {
        "name": readable(path.name),
        "kind": report.kind,
        "locale": model_locale(path.name),
        "license": None,
        "megabytes": _megabytes(report.details.get("bytes", 0)),
        "note": None,
        "path": readable(str(path)),
    }


def _megabytes(count: int) -> int | None:
    return max(count >> 20, 1) if count else None


def _row(body: dict[str, Any]) -> tuple[str, ...]:
    cells = (body[name] for name in ("name", "kind", "locale", "megabytes", "license"))
    return (*(str(cell or "-") for cell in cells), "yes" if body["path"] else "-")


def _put_report(report: ModelReport, *, as_json: bool) -> None:
    if as_json:
        put_json(
            {
                "path": readable(str(report.path)),
                "kind": report.kind,
                "ok": report.ok,
                "faults": list(report.faults),
                "details": dict(report.details),
            }
        )
        return
    details = ", ".join(f"{name} {value}" for name, value in report.details.items())
    for line in report.faults or [f"{report.path}: OK, {report.kind}, {details}"]:
        put(tidy(readable(line)))


GROUP = {
    "list": (list_models, LIST_EXAMPLES),
    "get": (get, GET_EXAMPLES),
    "check": (check, CHECK_EXAMPLES),
}
