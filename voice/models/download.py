"""Fetch one file: resumed where it broke off, never larger than told, checked before it counts."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import requests

from voice.errors import InputError, VoiceError

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 30.0  # without a single byte
TRIES: Final = 4  # connections; each goes on where the last one broke off
PIECE_BYTES: Final = 1 << 16
# Nothing in the catalogue comes near; a server that sends without end must stop somewhere.
MAX_FILE_BYTES: Final = 8 << 30

Progress = Callable[[int, "int | None"], None]  # bytes so far, bytes in all if known


class DownloadError(VoiceError):
    """A file could not be fetched; what came so far is kept unless it is wrong."""

    code = "download"
    http_status = 503


@dataclass(frozen=True, slots=True)
class Expected:
    """What the right file looks like; empty fields are not checked."""

    sha256: tuple[str, ...] = ()  # any of these
    md5: str | None = None
    size: int | None = None


def fetch(url: str, part: Path, expected: Expected, progress: Progress | None = None) -> str:
    """Fetch `url` into the file `part` and return its sha256.

    A `part` left by an earlier try is gone on with. Raises DownloadError: after a broken
    connection the part stays for the next try, after wrong bytes it is removed.
    """
    report = progress or (lambda done, total: None)
    part.parent.mkdir(parents=True, exist_ok=True)
    if expected.size is not None and _size(part) > expected.size:
        part.unlink()
    _fetch_all(url, part, expected, report)
    return verify(part, expected, url)


def verify(path: Path, expected: Expected, source: str) -> str:
    """Return the file's sha256; a file that is not the expected one is removed.

    Raises DownloadError naming what differs.
    """
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            sha256.update(piece)
            md5.update(piece)
    digest = sha256.hexdigest()
    wrong = None
    if expected.size is not None and _size(path) != expected.size:
        wrong = f"{_size(path)} bytes instead of {expected.size}"
    elif expected.sha256 and digest not in expected.sha256:
        wrong = f"sha256 {digest[:12]}... instead of {expected.sha256[0][:12]}..."
    elif not expected.sha256 and expected.md5 and md5.hexdigest() != expected.md5:
        wrong = f"md5 {md5.hexdigest()[:12]}... instead of {expected.md5[:12]}..."
    if wrong:
        path.unlink()
        raise DownloadError(f"{source} gave the wrong bytes ({wrong}); nothing was kept")
    return digest


def _fetch_all(url: str, part: Path, expected: Expected, report: Progress) -> None:
    reason = ""
    for _ in range(TRIES):
        before = _size(part)
        try:
            _fetch_rest(url, part, expected, report)
            return
        except requests.RequestException as error:
            reason = _reason(error)
            if isinstance(error, requests.ConnectTimeout) or (
                isinstance(error, requests.ConnectionError) and _size(part) == before
            ):
                break  # nobody answers; trying again at once changes nothing
    kept = f" ({_size(part) >> 20} MB are kept; run it again to go on)" if _size(part) else ""
    raise DownloadError(f"cannot fetch {url}: {reason}{kept}")


def _fetch_rest(url: str, part: Path, expected: Expected, report: Progress) -> None:
    start = _size(part)
    if start and start == expected.size:
        return
    headers = {"Range": f"bytes={start}-"} if start else {}
    # Packed as it is: a transparently unpacked body would have another size and checksum.
    headers["Accept-Encoding"] = "identity"
    with requests.get(
        url, headers=headers, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS)
    ) as response:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            return  # the part is whole already, or `verify` finds it wrong
        if not response.ok:
            raise DownloadError(f"cannot fetch {url}: the site answers {response.status_code}")
        if response.status_code != requests.codes.partial_content:
            start = 0  # the site does not resume
        _write(response, part, start, expected, report)


def _write(
    response: requests.Response, part: Path, start: int, expected: Expected, report: Progress
) -> None:
    length = response.headers.get("Content-Length", "")
    total = expected.size or (start + int(length) if length.isdigit() else None)
    limit = expected.size or MAX_FILE_BYTES
    done = start
    with part.open("r+b" if start else "wb") as file:
        file.seek(start)
        file.truncate()
        for piece in _pieces(response):
            done += len(piece)
            if done > limit:
                raise DownloadError(f"{response.url} sends more than {limit} bytes; stopped")
            file.write(piece)
            report(done, total)
        file.flush()
        os.fsync(file.fileno())
    if total is not None and done < total:
        raise requests.ConnectionError(f"it broke off after {done} of {total} bytes")


def _pieces(response: requests.Response) -> Iterator[bytes]:
    yield from response.iter_content(PIECE_BYTES)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "it does not answer in time"
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema)):
        raise InputError(f"no usable address: {error}") from None
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted here"
    text = " ".join(str(error).split())
    return text if text.startswith("it broke off") else "the connection failed or broke off"
