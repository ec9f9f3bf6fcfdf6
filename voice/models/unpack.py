"""Unpack a model archive that may be hostile: one root, no links, no way out, no bomb."""

from __future__ import annotations

import errno
import shutil
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Final

from voice.errors import InputError

MAX_MEMBERS: Final = 10_000
# The largest model of the catalogue unpacks to about 3 GB, and models hardly shrink when packed:
# ten times its packed size is no model.
MAX_UNPACKED_BYTES: Final = 8 << 30
MAX_RATIO: Final = 10
SMALL_BYTES: Final = 64 << 20  # below this the ratio does not matter
# What the library raises for damaged archives, depending on where the damage is.
_DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)

_DISK_ERRORS: Final = (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO)


class ArchiveError(InputError):
    """An archive that will not be unpacked."""

    code = "bad_archive"


def unpack_model(archive: Path, folder: Path) -> Path:
    """Unpack a zip into the empty `folder` and return the model's folder inside it.

    Raises ArchiveError for anything that is no plain tree of files under one root, or that is
    larger than a model can be.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            members = packed.infolist()
            root = _checked(members, archive.stat().st_size)
            room = _limit(archive.stat().st_size)
            for member in members:
                room -= _extract(packed, member, folder, room)
    except (*_DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
            raise
        raise ArchiveError(f"{archive.name} is no whole zip archive: {error}") from None
    return folder / root


def _limit(packed_bytes: int) -> int:
    return min(max(packed_bytes * MAX_RATIO, SMALL_BYTES), MAX_UNPACKED_BYTES)


def _checked(members: list[zipfile.ZipInfo], packed_bytes: int) -> str:
    if len(members) > MAX_MEMBERS:
        raise ArchiveError(f"the archive holds {len(members)} files; a model has far fewer")
    if sum(member.file_size for member in members) > _limit(packed_bytes):
        raise ArchiveError("the archive unpacks to far more than a model; it was not unpacked")
    roots = {_safe_parts(member)[0] for member in members}
    if len(roots) != 1:
        raise ArchiveError(f"the archive must hold one folder, not {len(roots)}")
    return roots.pop()


def _safe_parts(member: zipfile.ZipInfo) -> tuple[str, ...]:
    # Backslashes and drive letters would be a way out on Windows only; refused everywhere.
    path = PurePosixPath(member.filename)
    mode = member.external_attr >> 16
    odd_kind = stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ArchiveError(f"the archive has a path that leads out of it: {member.filename!r}")
    if odd_kind or "\\" in member.filename or ":" in member.filename:
        raise ArchiveError(f"the archive holds something else than files: {member.filename!r}")
    return path.parts


def _extract(packed: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, room: int) -> int:
    target = folder.joinpath(*_safe_parts(member))
    if member.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    # What a header says of a size may be a lie: the bytes are counted as they come.
    with packed.open(member) as source, target.open("xb") as file:
        shutil.copyfileobj(_Limited(source, room, member.filename), file)
        return file.tell()


class _Limited:
    """Read from a member until more came than there is room for."""

    def __init__(self, source: IO[bytes], room: int, name: str) -> None:
        self._source = source
        self._room = room
        self._name = name

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self._room -= len(piece)
        if self._room < 0:
            raise ArchiveError(f"the archive unpacks to far more than it says: {self._name!r}")
        return piece
