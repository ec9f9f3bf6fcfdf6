"""The service inside the decoder's child: everything that touches FFmpeg happens here."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

import av

from voice.audio.confine import MEGABYTE, allow_cpu, confine
from voice.audio.containers import DEMUXERS, ENCODINGS
from voice.audio.decoding import decode_container, decode_raw
from voice.audio.encoding import encode_chunk
from voice.audio.raw import RawFormat
from voice.audio.wav import read_wav
from voice.errors import AudioError
from voice.types import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, AudioChunk
from voice.worker.child import Service
from voice.worker.frames import Frame

MEMORY_MB: Final = 256  # above what the libraries take, besides ...
COPIES: Final = 2  # ... the file itself, so many times
CPU_BASE_SECONDS: Final = 5.0  # a call may use this, and ...
CPU_FACTOR: Final = 0.1  # ... this for each second of audio; honest files need a tenth of it

_SILENCE: Final = AudioChunk(bytes(SAMPLE_RATE_HZ // 10 * BYTES_PER_SAMPLE))


def open_decoder(max_bytes: int) -> Service:
    """Return the service; from here on this process can open no file and no socket.

    Every format is written and read once before: PyAV imports parts of itself at first use.
    """
    for name, encoding in ENCODINGS.items():
        written = encode_chunk(_SILENCE, name)
        if encoding.muxer in DEMUXERS:
            decode_container(written, encoding.muxer, max_seconds=1.0)
    confine(MEMORY_MB + COPIES * max_bytes // MEGABYTE)
    return _serve


def _serve(method: str, arguments: dict[str, Any], payload: bytes) -> Frame:
    try:
        return {}, _METHODS[method](payload, **arguments)
    except AudioError:
        raise
    except MemoryError:
        os._exit(1)  # nothing here can be relied on any more; the next call gets a new process
    except av.FFmpegError as error:
        raise AudioError(f"this audio cannot be read: {error.strerror}") from error
    except Exception as error:
        raise AudioError(f"this audio cannot be read: {type(error).__name__}") from error


def _decode(data: bytes, demuxer: str, max_seconds: float) -> bytes:
    allow_cpu(CPU_BASE_SECONDS + CPU_FACTOR * max_seconds)
    return decode_container(data, demuxer, max_seconds)


def _decode_raw(data: bytes, raw: dict[str, Any], max_seconds: float) -> bytes:
    allow_cpu(CPU_BASE_SECONDS + CPU_FACTOR * max_seconds)
    return decode_raw(data, RawFormat(**raw), max_seconds)


def _encode(wav: bytes, format_name: str) -> bytes:
    chunk = read_wav(wav)
    allow_cpu(CPU_BASE_SECONDS + CPU_FACTOR * chunk.seconds)
    return encode_chunk(chunk, format_name)


_METHODS: Final[dict[str, Callable[..., bytes]]] = {
    "decode": _decode,
    "decode_raw": _decode_raw,
    "encode": _encode,
}
