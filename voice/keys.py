"""The keys that sign what travels with callers."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from itsdangerous import URLSafeTimedSerializer

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
    except (OSError, ValueError) as error:
        _LOG.warning(
            "cannot keep a signing key in %s (%s): conversations end when the program does",
            path,
            error,
        )
        return (_process_key(),)


def serializer(keys: Sequence[str], salt: str) -> URLSafeTimedSerializer:
    """Return what signs with the first of the keys and verifies with all, for one purpose."""
    return URLSafeTimedSerializer(list(reversed(keys)), salt=salt)  # it signs with the last


@cache
def _process_key() -> str:
    """Return the key of this process: whoever asks for it gets the same one."""
    return secrets.token_urlsafe(32)


def _read_or_make(path: Path) -> str:
    """Return the key in the file; of several processes that make it at once, one wins."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32))
            with suppress(FileExistsError):  # another process was first
                os.link(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
    key = path.read_text(encoding="ascii").strip()
    if not key:
        raise ValueError("the file is empty; delete it")
    return key
