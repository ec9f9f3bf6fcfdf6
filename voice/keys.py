"""The keys that sign what travels with callers."""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path

from voice.settings import Settings

_LOG = logging.getLogger(__name__)


def signing_keys(settings: Settings) -> tuple[str, ...]:
    """Return the signing keys of the settings, else the one made on first start.

    Where it cannot be kept (a read-only home) the key lasts as long as this process.
    """
    if settings.secret_keys:
        return tuple(key.get_secret_value() for key in settings.secret_keys)
    path = settings.home_folder / "keys" / "conversation"
    try:
        return (_read_or_make(path),)
    except OSError as error:
        _LOG.warning(
            "cannot keep a signing key in %s (%s): conversations end when the program does",
            path,
            error.strerror,
        )
        return (secrets.token_urlsafe(32),)


def _read_or_make(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # Made readable by the owner only, and by one process only: the others read it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_text().strip()
        if key:
            return key
        path.unlink()  # an earlier start was cut off before it wrote
        return _read_or_make(path)
    key = secrets.token_urlsafe(32)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key
