"""Where Alexa's certificate chain is: which addresses are believed, and how it is read."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests

from voice.errors import InputError

MAX_URL_CHARS: Final = 512
MAX_CHAIN_BYTES: Final = 64 << 10
SOCKET_SECONDS: Final = 2.0
FOLDER: Final = "/echo.api/"  # Amazon's; others may own any other one on the same host

# Case counts in the path, and only there. ASCII: else a long s would pass for an s.
_ADDRESS: Final = re.compile(r"(?i:https://s3\.amazonaws\.com)(?::443)?(/[!-~]*)", re.ASCII)
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


def refused(why: str) -> InputError:
    """Return the error that tells a caller that it is not taken for Alexa."""
    return InputError(why, code="not_from_alexa", http_status=400)


def checked_url(url: str) -> str:
    """Return a chain's address in the one form in which it is fetched and remembered.

    Raises InputError for an address that is not Amazon's. The rules are those of Amazon's guide to
    hosting a skill as a web service; dot segments are resolved before the folder is looked at.
    """
    found = _ADDRESS.fullmatch(url) if len(url) <= MAX_URL_CHARS else None
    if found is None or "%" in url or "\\" in url:
        raise refused("SignatureCertChainUrl is not an address of Amazon's")
    path, mark, query = found[1].partition("#")[0].partition("?")
    path = posixpath.normpath(path)
    if not path.startswith(FOLDER):
        raise refused("SignatureCertChainUrl is not in Amazon's folder")
    return f"https://s3.amazonaws.com{path}{mark}{query}"


def fetch_chain(url: str) -> bytes:
    """Return the file at an address; raises OSError when it cannot be had.

    A redirect is none. `SOCKET_SECONDS` bounds each wait, the caller bounds the whole.
    """
    with requests.get(url, timeout=SOCKET_SECONDS, allow_redirects=False, stream=True) as answer:
        if answer.status_code != requests.codes.ok:
            raise OSError(f"the host answers {answer.status_code}")
        data = b""
        for part in answer.iter_content(8192):
            data += part
            if len(data) > MAX_CHAIN_BYTES:
                raise OSError(f"the file is larger than {MAX_CHAIN_BYTES >> 10} KiB")
        return data


def read_chain(folder: Path, url: str) -> bytes:
    """Return the file that the last part of an address names in a folder, for tests.

    Raises OSError when there is no such file.
    """
    name = urlsplit(url).path.rpartition("/")[2]
    if not _FILE_NAME.fullmatch(name):
        raise OSError("the last part of the address is no plain file name")
    with (folder / name).open("rb") as file:
        return file.read(MAX_CHAIN_BYTES)
