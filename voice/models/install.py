"""Get a model of the catalogue into the models folder: fetch, check, unpack, rename into place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests
from filelock import FileLock, Timeout

from voice.errors import InputError, SetupError
from voice.models.catalogue import CatalogueFile, CatalogueModel
from voice.models.check import check_model
from voice.models.download import CONNECT_SECONDS, Expected, Progress, fetch, verify
from voice.models.unpack import unpack_model

PARTS: Final = ".parts"  # holds what is not whole yet
LOCK: Final = "models.lock.json"  # the sha256 of every file that was installed
MAX_LISTING_BYTES: Final = 4 << 20
# Room for the archive and for what it unpacks to.
ROOM_FACTOR: Final = 3


@dataclass(frozen=True, slots=True)
class Source:
    """Where to take a model from, when not from the catalogue's address."""

    url: str | None = None  # of the file itself, or of the folder that holds the files
    from_file: Path | None = None  # an archive, or a folder with the files, on disk


def get_model(
    model: CatalogueModel,
    folder: Path,
    source: Source | None = None,
    progress: Progress | None = None,
) -> Path:
    """Return the folder of the installed model; one that is there already is left alone.

    What was fetched before an interruption is kept in `folder` and gone on with. Raises
    DownloadError, ArchiveError, InputError, SetupError; then nothing half-done is in place.
    """
    source = source or Source()
    target = folder / model.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _only_one(folder):
            if target.is_dir():
                return target
            _check_room(model, folder)
            return _install(model, folder, source, progress)
    except OSError as error:
        raise SetupError(f"cannot write models to {folder}: {error.strerror or error}") from None


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / ".lock", timeout=0)
    try:
        with lock:
            yield
    except Timeout:
        raise SetupError("another `voice models get` is running; wait for it") from None


def _install(
    model: CatalogueModel, folder: Path, source: Source, progress: Progress | None
) -> Path:
    parts = folder / PARTS
    fresh = parts / f"{model.name}.new"
    shutil.rmtree(fresh, ignore_errors=True)  # of an earlier try that was cut off
    fresh.mkdir(parents=True)
    digests: dict[str, str] = {}
    content = fresh
    try:
        for file in model.files:
            part, digests[file.name] = _obtain(model, file, folder, source, progress)
            if file.is_packed:
                content = unpack_model(part, fresh)
            else:
                shutil.copyfile(part, fresh / file.name)
        _make_repeatable(content)
        _refuse_faulty(model, content)
        content.rename(folder / model.name)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    for file in model.files:
        _part(folder, model, file).unlink(missing_ok=True)
    _record(folder, model.name, digests)
    return folder / model.name


def _obtain(
    model: CatalogueModel,
    file: CatalogueFile,
    folder: Path,
    source: Source,
    progress: Progress | None,
) -> tuple[Path, str]:
    part = _part(folder, model, file)
    known = file.sha256 or _recorded(folder, model.name, file.name)
    expected = Expected(known, None, file.bytes)
    if source.from_file is not None:
        given = source.from_file / file.name if source.from_file.is_dir() else source.from_file
        if not given.is_file():
            raise InputError(f"{given} is not there")
        shutil.copyfile(given, part)
        return part, verify(part, expected, str(given))
    if not known and model.listing:
        expected = _listed(model, expected)
    return part, fetch(_address(file, source), part, expected, progress)


def _address(file: CatalogueFile, source: Source) -> str:
    if source.url is None:
        return file.url
    if not source.url.startswith(("http://", "https://")):
        raise InputError(f"{source.url!r} is no http or https address")
    return source.url if source.url.endswith(file.name) else f"{source.url.rstrip('/')}/{file.name}"


def _listed(model: CatalogueModel, expected: Expected) -> Expected:
    """Return what the publisher's list says of a model whose sha256 is not known yet."""
    assert model.listing is not None
    try:
        with requests.get(
            model.listing, timeout=(CONNECT_SECONDS, CONNECT_SECONDS), stream=True
        ) as response:
            response.raise_for_status()
            listed = json.loads(response.raw.read(MAX_LISTING_BYTES, decode_content=True))
        row = next(row for row in listed if row["name"] == model.name)
        return Expected((), str(row["md5"]), int(row["size"]))
    except (requests.RequestException, ValueError, KeyError, TypeError, StopIteration):
        raise SetupError(
            f"cannot check {model.name}: its publisher's list at {model.listing} cannot be read; "
            "fetch it by hand and use --from-file"
        ) from None


def _make_repeatable(folder: Path) -> None:
    """Switch Kaldi's dither off, so that the same clip always gives the same text."""
    for path in (folder / "conf" / "mfcc.conf", folder / "mfcc.conf"):
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            kept = [line for line in lines if not line.strip().startswith("--dither")]
            path.write_text("\n".join([*kept, "--dither=0", ""]), encoding="utf-8")


def _refuse_faulty(model: CatalogueModel, folder: Path) -> None:
    if model.kind != "vosk":
        return
    report = check_model(folder)
    if not report.ok:
        fault = report.faults[0].replace(str(folder), model.name)
        raise SetupError(f"what was fetched is no usable model: {fault}")


def _check_room(model: CatalogueModel, folder: Path) -> None:
    need_mb = (model.about_mb or 0) * ROOM_FACTOR
    free_mb = shutil.disk_usage(folder).free >> 20
    if free_mb < need_mb:
        raise SetupError(f"{model.name} needs about {need_mb} MB in {folder}; {free_mb} are free")


def _part(folder: Path, model: CatalogueModel, file: CatalogueFile) -> Path:
    return folder / PARTS / f"{model.name}--{file.name}"


def _recorded(folder: Path, model: str, file: str) -> tuple[str, ...]:
    digest = _records(folder).get(model, {}).get(file)
    return (digest,) if digest else ()


def _records(folder: Path) -> dict[str, Any]:
    try:
        records = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return records if isinstance(records, dict) else {}


def _record(folder: Path, model: str, digests: dict[str, str]) -> None:
    records = {**_records(folder), model: digests}
    fresh = folder / f"{LOCK}.new"
    fresh.write_text(json.dumps(records, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    fresh.replace(folder / LOCK)
