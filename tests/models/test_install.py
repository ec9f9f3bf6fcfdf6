from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from voice.errors import InputError, SetupError
from voice.models.catalogue import CatalogueFile, CatalogueModel
from voice.models.check import check_model
from voice.models.download import DownloadError
from voice.models.install import PARTS, Source, get_model
from voice.models.unpack import ArchiveError

NAME = "vosk-model-small-en-us-0.0"


def model_of(data: bytes, *, known: bool = True, listing: str | None = None) -> CatalogueModel:
    sha256 = (hashlib.sha256(data).hexdigest(),) if known else ()
    file = CatalogueFile(url=f"https://models.invalid/{NAME}.zip", sha256=sha256, bytes=len(data))
    return CatalogueModel(
        name=NAME, kind="vosk", locale="en-US", license="x", files=(file,), listing=listing
    )


def test_model_is_fetched_checked_and_put_in_place(site: Any, good: Path, tmp_path: Path) -> None:
    data = good.read_bytes()
    site.files[f"{NAME}.zip"] = data
    folder = get_model(model_of(data), tmp_path / "models", Source(url=site.url))
    assert check_model(folder).ok
    assert (folder / "conf" / "mfcc.conf").read_text().count("--dither") == 1
    assert "--dither=0\n" in (folder / "conf" / "mfcc.conf").read_text()
    assert [path.name for path in (tmp_path / "models" / PARTS).iterdir()] == []
    recorded = json.loads((tmp_path / "models" / "models.lock.json").read_text())
    assert recorded[NAME][f"{NAME}.zip"] == hashlib.sha256(data).hexdigest()


def test_model_that_is_there_is_left_alone(site: Any, good: Path, tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    assert get_model(model_of(b"x"), tmp_path, Source(url=site.url)) == tmp_path / NAME
    assert site.ranges == []


def test_interrupted_download_leaves_a_part_and_nothing_else(
    site: Any, good: Path, tmp_path: Path
) -> None:
    data = good.read_bytes()
    site.files[f"{NAME}.zip"] = data

    def interrupt(done: int, total: int | None) -> None:
        if done > 500_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        get_model(model_of(data), tmp_path, Source(url=site.url), interrupt)
    left = [path.name for path in tmp_path.rglob("*") if path.name != ".lock"]
    assert sorted(left) == [PARTS, f"{NAME}--{NAME}.zip"]
    get_model(model_of(data), tmp_path, Source(url=site.url))
    assert site.ranges[-1].startswith("bytes=")
    assert (tmp_path / NAME / "am" / "final.mdl").is_file()


def test_wrong_bytes_leave_nothing(site: Any, good: Path, tmp_path: Path) -> None:
    data = good.read_bytes()
    site.files[f"{NAME}.zip"] = b"X" + data[1:]
    with pytest.raises(DownloadError, match="wrong bytes"):
        get_model(model_of(data), tmp_path, Source(url=site.url))
    assert not (tmp_path / NAME).exists()
    assert list((tmp_path / PARTS).iterdir()) == []


def test_second_one_is_told_to_wait(site: Any, tmp_path: Path) -> None:
    with FileLock(tmp_path / ".lock"), pytest.raises(SetupError, match="another"):
        get_model(model_of(b"x"), tmp_path, Source(url=site.url))


def test_archive_of_something_else_is_refused(site: Any, tmp_path: Path) -> None:
    archive = tmp_path / "other.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("other/readme.txt", "hello")
    data = archive.read_bytes()
    with pytest.raises(SetupError, match="no usable model"):
        get_model(model_of(data), tmp_path / "models", Source(from_file=archive))
    assert not (tmp_path / "models" / NAME).exists()


def test_file_from_disk_is_checked_as_well(good: Path, tmp_path: Path) -> None:
    folder = get_model(model_of(good.read_bytes()), tmp_path, Source(from_file=good))
    assert check_model(folder).ok
    with pytest.raises(DownloadError, match="wrong bytes"):
        get_model(model_of(b"other"), tmp_path / "second", Source(from_file=good))
    assert good.exists()


def test_hostile_archive_leaves_nothing(tmp_path: Path) -> None:
    archive = tmp_path / "evil.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("../evil", "x")
    with pytest.raises(ArchiveError):
        get_model(model_of(archive.read_bytes()), tmp_path / "m", Source(from_file=archive))
    assert not list(tmp_path.rglob("evil"))


def test_unknown_checksum_is_taken_from_the_publishers_list(
    site: Any, good: Path, tmp_path: Path
) -> None:
    data = good.read_bytes()
    site.files[f"{NAME}.zip"] = data
    row = {"name": NAME, "md5": hashlib.md5(data).hexdigest(), "size": len(data)}
    site.files["list.json"] = json.dumps([row]).encode()
    model = model_of(data, known=False, listing=f"{site.url}/list.json")
    get_model(model, tmp_path / "a", Source(url=site.url))
    site.files["list.json"] = json.dumps([{**row, "md5": "0" * 32}]).encode()
    with pytest.raises(DownloadError, match="md5"):
        get_model(model, tmp_path / "b", Source(url=site.url))
    site.files["list.json"] = b"not json"
    with pytest.raises(SetupError, match="cannot check"):
        get_model(model, tmp_path / "c", Source(url=site.url))


@pytest.mark.parametrize("url", ["ftp://x", "file:///etc", "nonsense"])
def test_address_of_another_kind_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no http"):
        get_model(model_of(b"x"), tmp_path, Source(url=url))


def test_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(SetupError, match="cannot write models"):
        get_model(model_of(b"x"), blocker / "models", Source(url="http://127.0.0.1:9"))
