"""Who may ask: the keys of the settings, and those that `voice keys` made.

Of a key only its SHA-256 is kept. That is enough, for we make the keys: 256 random bits cannot be
guessed from it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal, get_args

from filelock import FileLock, Timeout

from voice.errors import InputError, SetupError
from voice.settings import Settings

Scope = Literal["ask", "speak", "admin"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
CALLER_SCOPES: Final[tuple[Scope, ...]] = ("ask", "speak")  # of the keys in the settings
MAX_KEYS: Final = 1000
LOOK_SECONDS: Final = 1.0  # after this a revoked key is no longer let in

_LOCK_SECONDS: Final = 10.0
_NAME: Final = re.compile(r"[\w.@-][\w .@-]{0,59}")


@dataclass(frozen=True, slots=True)
class AccessKey:
    """One key, known by its digest."""

    name: str
    digest: str  # SHA-256 in hexadecimal
    scopes: tuple[Scope, ...]
    created: str = ""  # the day, as 2026-11-25

    @property
    def id(self) -> str:
        """Return what stands for the key where it must not be told itself."""
        return self.digest[:16]


class KeyFile:
    """The keys that `voice keys` made, in `keys/access.json` of the home folder."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.home_folder / "keys" / "access.json"

    def read(self) -> tuple[AccessKey, ...]:
        """Return the keys, oldest first; raises SetupError when the file is damaged."""
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            return tuple(_access_key(each) for each in found)
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise SetupError(f"cannot read the keys in {self.path}: {error}") from error

    def add(self, name: str, scopes: Iterable[Scope]) -> str:
        """Make a key and return it; nobody can read it again.

        Raises InputError for a name that is taken or no name, and SetupError when it cannot be
        kept.
        """
        if not _NAME.fullmatch(name):
            raise InputError("a key's name is 1 to 60 letters, digits, spaces and . _ @ -")
        key = secrets.token_urlsafe(32)
        made = AccessKey(name, digest_of(key), tuple(scopes), date.today().isoformat())
        with self._lock():
            keys = self.read()
            if any(each.name == name for each in keys):
                raise InputError(f"there is a key named {name} already; revoke it first")
            if len(keys) >= MAX_KEYS:
                raise InputError(f"there are {MAX_KEYS} keys already; revoke some first")
            self._write((*keys, made))
        return key

    def revoke(self, name: str) -> None:
        """Forget a key; raises InputError when there is none of that name."""
        with self._lock():
            keys = self.read()
            kept = tuple(each for each in keys if each.name != name)
            if len(kept) == len(keys):
                raise InputError(f"there is no key named {name}; see `voice keys list`")
            self._write(kept)

    def _lock(self) -> Any:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            return FileLock(self.path.with_suffix(".lock"), timeout=_LOCK_SECONDS).acquire()
        except (OSError, Timeout) as error:
            raise SetupError(f"cannot change the keys in {self.path}: {error}") from error

    def _write(self, keys: Iterable[AccessKey]) -> None:
        fresh = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                json.dump([asdict(each) for each in keys], file, indent=1)
            fresh.replace(self.path)
        except OSError as error:
            raise SetupError(f"cannot write the keys to {self.path}: {error}") from error
        finally:
            fresh.unlink(missing_ok=True)


class Access:
    """Every key that opens the server; looks for changes of the file once a second."""

    def __init__(self, settings: Settings) -> None:
        secrets_set = (key.get_secret_value() for key in settings.api_keys)
        self._set = tuple(
            AccessKey(f"setting {number}", digest_of(key), CALLER_SCOPES)
            for number, key in enumerate(secrets_set, 1)
        )
        self._file = KeyFile(settings)
        self._made = self._file.read()
        self._stamp = self._file_stamp()
        self._looked = time.monotonic()
        self._was_guarded = bool(self._set or self._made)

    def is_guarded(self) -> bool:
        """Return whether a key is asked for: there is one, or was one since the start.

        Whoever revokes the last key wants nobody let in, not everybody.
        """
        return bool(self.keys) or self._was_guarded

    @property
    def keys(self) -> tuple[AccessKey, ...]:
        """Return the keys as they are now; raises SetupError when their file is damaged."""
        now = time.monotonic()
        if now - self._looked > LOOK_SECONDS:
            self._looked = now
            stamp = self._file_stamp()
            if stamp != self._stamp:
                self._stamp, self._made = stamp, self._file.read()
        keys = self._set + self._made
        self._was_guarded = self._was_guarded or bool(keys)
        return keys

    def find(self, key: str) -> AccessKey | None:
        """Return what is known of a key, None for a stranger's."""
        given = digest_of(key)
        # Every key is compared, so that the time says nothing about which one was near.
        found = [each for each in self.keys if hmac.compare_digest(given, each.digest)]
        return found[0] if found else None

    def find_id(self, key_id: str) -> AccessKey | None:
        """Return the key of an id, None when it was revoked."""
        return next((each for each in self.keys if each.id == key_id), None)

    def _file_stamp(self) -> tuple[int, int] | None:
        try:
            found = self._file.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino


def digest_of(key: str) -> str:
    """Return the SHA-256 of a key in hexadecimal, whatever characters it has."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def _access_key(found: dict[str, Any]) -> AccessKey:
    scopes = tuple(scope for scope in SCOPES if scope in found["scopes"])
    return AccessKey(str(found["name"]), str(found["digest"]), scopes, str(found["created"]))
