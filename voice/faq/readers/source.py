"""The text of an FAQ file, or one line about why there is none."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from voice.errors import FaqError

MAX_BYTES: Final = 5_000_000
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: Path) -> str:
    r"""Return the text with "\n" as the end of each line; raises FaqError."""
    try:
        return _decode(_read_bytes(path))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise FaqError([f"{path}: {reason or 'cannot be read'}"]) from None


def _read_bytes(path: Path) -> bytes:
    if not path.exists():
        raise ValueError("there is no such file")
    if not path.is_file():
        raise ValueError("is a folder, not a file" if path.is_dir() else "is not a plain file")
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 1_000_000} MB")
    return data


def _decode(data: bytes) -> str:
    if data.startswith(_UTF16):
        raise ValueError("is UTF-16; save it as UTF-8")
    if b"\0" in data:
        raise ValueError("is binary, not text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        raise ValueError(
            f"is not UTF-8: byte 0x{data[error.start]:02x} at line {line}, column {column}; "
            "save it as UTF-8"
        ) from None
    if not text.strip():
        raise ValueError("is empty")
    return text.replace("\r\n", "\n").replace("\r", "\n")
