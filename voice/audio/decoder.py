"""Read audio of any container, and write our own speech, through a child that may do little else.

Strangers' files have crashed every decoder there is. FFmpeg runs in a process of its own that can
open no file and no socket, with limits on memory, processor time and the length of the result.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from voice.audio.containers import ENCODINGS, READABLE, find_container
from voice.audio.raw import raw_format
from voice.errors import AudioError, DeadlineError, InputError, SetupError, VoiceError
from voice.types import AudioChunk
from voice.worker import WorkerDiedError, WorkerOptions, WorkerPool

FORMATS: Final = ("wav", *ENCODINGS)
MEGABYTE: Final = 1 << 20
# The slowest format takes 2.4 s for 13 MB on a busy core; this leaves it five times as long.
ENCODE_SECONDS: Final = 10.0
ENCODE_BYTES_PER_SECOND: Final = MEGABYTE


class AudioDecoder:
    """Decode and encode in one child, each caller in turn; safe to share between threads."""

    def __init__(self, max_bytes: int = 25 * MEGABYTE) -> None:
        self._max_bytes = max_bytes
        options = WorkerOptions("voice.audio.decoder_child:open_decoder", {"max_bytes": max_bytes})
        self._pool = WorkerPool(options)

    def start(self) -> None:
        """Start the child; raises SetupError when no audio can be read on this machine."""
        try:
            self._pool.start()
        except VoiceError as error:
            raise SetupError(f"no audio file can be read here: {error.message}") from error

    def decode(
        self,
        data: bytes,
        content_type: str | None = None,
        *,
        max_seconds: float = 60.0,
        deadline_seconds: float = 30.0,
    ) -> AudioChunk:
        """Return audio of any container as 16 kHz mono; what is damaged gives what it holds.

        The container is told by its first bytes; only `audio/L16;rate=N;channels=M` is believed
        (see `raw_format`). A file without a single sample gives an empty chunk.

        Raises AudioError: 400 for no bytes; 413 for too many, or for more than `max_seconds` of
        audio; 415 for what is not audio, is damaged, or takes too long to decode. Raises BusyError
        when half the deadline passed before the child was free.
        """
        self._check_size(data)
        raw = raw_format(content_type)
        if raw is not None:
            arguments: dict[str, Any] = {"raw": asdict(raw), "max_seconds": max_seconds}
            return AudioChunk(self._decode("decode_raw", arguments, data, deadline_seconds))
        demuxer = find_container(data)
        if demuxer is None:
            raise AudioError(f"this is not audio that can be read; send {READABLE}")
        arguments = {"demuxer": demuxer, "max_seconds": max_seconds}
        return AudioChunk(self._decode("decode", arguments, data, deadline_seconds))

    def encode(self, wav: bytes, format: str, *, deadline_seconds: float | None = None) -> bytes:
        """Return our own speech, a WAV file, in one of FORMATS.

        Long speech has more time by itself. Raises InputError for another format, BusyError and
        DeadlineError.
        """
        if format not in FORMATS:
            raise InputError(f"{format!r} is no audio format; known are {', '.join(FORMATS)}")
        if format == "wav":
            return wav
        arguments = {"format_name": format}
        seconds = deadline_seconds or ENCODE_SECONDS + len(wav) / ENCODE_BYTES_PER_SECOND
        return self._pool.call("encode", arguments, wav, deadline_seconds=seconds)[1]

    def close(self) -> None:
        """End the child."""
        self._pool.stop()

    def _check_size(self, data: bytes) -> None:
        if not data:
            raise AudioError("the audio is empty", code="empty_audio", http_status=400)
        if len(data) > self._max_bytes:
            raise AudioError(
                f"the audio is larger than {self._max_bytes / MEGABYTE:g} MB; send a shorter one",
                code="too_large",
                http_status=413,
            )

    def _decode(
        self, method: str, arguments: Mapping[str, Any], data: bytes, deadline_seconds: float
    ) -> bytes:
        """Ask the child once: a file that killed it would kill the next one, too."""
        end = time.monotonic() + deadline_seconds
        with self._pool.lease(deadline_seconds / 2) as worker:
            seconds = end - time.monotonic()  # at least half: waiting is not the file's fault
            worker.start()
            try:
                return worker.call(method, arguments, data, deadline_seconds=seconds)[1]
            except WorkerDiedError as error:
                raise AudioError("this audio cannot be read: the decoder gave it up") from error
            except DeadlineError as error:
                raise AudioError("this audio took too long to decode") from error
            except VoiceError as error:
                message, code, status = error.message, error.code, error.http_status
                raise AudioError(message, code=code, http_status=status) from error
