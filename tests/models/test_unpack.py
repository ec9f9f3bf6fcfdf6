from __future__ import annotations

import contextlib
import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.models.unpack import ArchiveError, unpack_model


def pack(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "fresh"
    folder.mkdir()
    return folder


def test_one_root_is_unpacked(tmp_path: Path, folder: Path) -> None:
    archive = pack(tmp_path / "m.zip", {"m/": b"", "m/am/final.mdl": b"x", "m/README": b"y"})
    inner = unpack_model(archive, folder)
    assert inner == folder / "m"
    assert (inner / "am" / "final.mdl").read_bytes() == b"x"


@pytest.mark.parametrize(
    "name",
    ["../out", "m/../../out", "/etc/out", "m/../..", "C:\\out", "m\\..\\..\\out", "m/a:b", ""],
)
def test_paths_that_lead_out_are_refused(tmp_path: Path, folder: Path, name: str) -> None:
    archive = pack(tmp_path / "m.zip", {"m/ok": b"x"})
    with zipfile.ZipFile(archive, "a") as packed:
        packed.writestr(zipfile.ZipInfo(name or "."), b"evil")
    with pytest.raises(ArchiveError):
        unpack_model(archive, folder)
    assert not list(tmp_path.rglob("out"))
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path: Path, folder: Path, kind: int) -> None:
    archive = tmp_path / "m.zip"
    member = zipfile.ZipInfo("m/link")
    member.create_system = 3
    member.external_attr = (kind | 0o777) << 16
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(member, b"/etc/passwd")
    with pytest.raises(ArchiveError, match="something else than files"):
        unpack_model(archive, folder)


def test_two_roots_are_refused(tmp_path: Path, folder: Path) -> None:
    archive = pack(tmp_path / "m.zip", {"a/x": b"1", "b/x": b"2"})
    with pytest.raises(ArchiveError, match="one folder, not 2"):
        unpack_model(archive, folder)


def test_bomb_is_refused_before_it_unpacks(tmp_path: Path, folder: Path) -> None:
    archive = tmp_path / "m.zip"
    with (
        zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("m/zeros", "w", force_zip64=True) as member,
    ):
        for _ in range(200):
            member.write(bytes(1 << 20))
    with pytest.raises(ArchiveError, match="far more than a model"):
        unpack_model(archive, folder)
    assert list(folder.iterdir()) == []


def test_size_that_lies_is_caught_while_unpacking(tmp_path: Path, folder: Path) -> None:
    archive = pack(tmp_path / "m.zip", {"m/zeros": bytes(200 << 20)})
    data = bytearray(archive.read_bytes())
    # The central directory and the local header both claim 10 bytes.
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = data.index(signature)
        data[start + offset : start + offset + 4] = struct.pack("<I", 10)
    archive.write_bytes(data)
    with pytest.raises(ArchiveError):
        unpack_model(archive, folder)
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) <= 65 << 20


def test_too_many_members_are_refused(tmp_path: Path, folder: Path) -> None:
    archive = pack(tmp_path / "m.zip", {f"m/{n}": b"" for n in range(10_001)})
    with pytest.raises(ArchiveError, match="10001 files"):
        unpack_model(archive, folder)


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_zip_is_refused(tmp_path: Path, folder: Path, data: bytes) -> None:
    archive = tmp_path / "m.zip"
    archive.write_bytes(data)
    with pytest.raises(ArchiveError, match="no whole zip"):
        unpack_model(archive, folder)


@given(st.data())
def test_damaged_archives_never_do_more_than_refuse(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("m/a", b"hello" * 50)
        packed.writestr("m/b/c", b"world" * 50)
    damaged = bytearray(whole.getvalue())
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    base = tmp_path_factory.mktemp("damaged")
    (base / "m.zip").write_bytes(damaged)
    (base / "fresh").mkdir()
    with contextlib.suppress(ArchiveError):
        unpack_model(base / "m.zip", base / "fresh")
    assert {path.name for path in base.iterdir()} == {"m.zip", "fresh"}
