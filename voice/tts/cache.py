"""Speech kept on disk, shared by every process that uses the folder.

An entry is one file: the WAV, then four bytes of its CRC-32. It is written beside and renamed, so
no reader sees half of one; one that the checksum does not fit is removed. The files used longest
ago go first when the folder gets too big. Nothing here raises: without a cache speech is only
slower.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import threading
import time
import zlib
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Final

from voice.tts.protocol import VoiceOptions

_LOG = logging.getLogger(__name__)
_SUFFIX: Final = ".wav"
_PART_SUFFIX: Final = ".part"
_CRC_BYTES: Final = 4
_ABANDONED_SECONDS: Final = 3600.0  # a part this old was left by a process that was killed
_SLACK: Final = 0.1  # of the size: cleared in one go, so that few writes have to look at the folder


def speech_key(text: str, options: VoiceOptions, version: str) -> str:
    """Return the name under which the speech of that text is kept."""
    parts = json.dumps([text, *astuple(options), version])
    return hashlib.sha256(parts.encode()).hexdigest()


class SpeechCache:
    """Keep up to `max_bytes` of speech in `folder`, which is made when first needed."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._slack = int(max_bytes * _SLACK)
        self._unseen = self._slack  # bytes written since the folder was last looked at
        self._lock = threading.Lock()
        self._warned = False

    def get(self, key: str) -> bytes | None:
        """Return the WAV that was put under the key, None when it is not there or is damaged."""
        path = self._folder / f"{key}{_SUFFIX}"
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size - _CRC_BYTES
                wav, crc = file.read(max(size, 0)), file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._warn(error)
            return None
        whole = zlib.crc32(wav).to_bytes(_CRC_BYTES, "little") == crc
        with suppress(OSError):
            if whole:
                os.utime(path)  # used just now
            else:
                path.unlink()
        return wav if whole else None

    def put(self, key: str, wav: bytes) -> None:
        """Keep the WAV; on a full or read-only disk warn once and go on."""
        size = len(wav) + _CRC_BYTES
        if size > self._max_bytes - self._slack:
            return
        part = self._folder / f"{key}.{secrets.token_hex(4)}{_PART_SUFFIX}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._make_room(size)
            with part.open("xb") as file:
                file.write(wav)
                file.write(zlib.crc32(wav).to_bytes(_CRC_BYTES, "little"))
            part.replace(self._folder / f"{key}{_SUFFIX}")
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            self._warn(error)

    def _make_room(self, size: int) -> None:
        with self._lock:
            self._unseen += size
            if self._unseen <= self._slack:
                return
            self._unseen = 0
            entries = sorted(self._entries())
            excess = sum(entry[1] for entry in entries) + size - self._max_bytes + self._slack
            for _, entry_bytes, path in entries:
                if excess <= 0:
                    break
                with suppress(OSError):  # another process may have removed it
                    path.unlink()
                excess -= entry_bytes

    def _entries(self) -> list[tuple[float, int, Path]]:
        """Return when each entry was last used, its bytes and its file; remove abandoned parts."""
        found = []
        with os.scandir(self._folder) as files:
            for file in files:
                with suppress(OSError):
                    stat = file.stat()
                    age = time.time() - stat.st_mtime
                    if file.name.endswith(_SUFFIX):
                        found.append((stat.st_mtime, stat.st_size, Path(file.path)))
                    elif file.name.endswith(_PART_SUFFIX) and age > _ABANDONED_SECONDS:
                        Path(file.path).unlink()
        return found

    def _warn(self, error: OSError) -> None:
        if not self._warned:
            self._warned = True
            _LOG.warning("speech is not kept on disk: %s", error)
