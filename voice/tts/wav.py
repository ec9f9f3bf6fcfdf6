"""WAV as the engines write it, and AIFF as the one of macOS does, by hand: 16 bit, one channel."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

from voice.errors import EngineError
from voice.types import AudioChunk

_HEADER: Final = struct.Struct("<4sI4s4sIHHIIHH4sI")
_CONTAINERS: Final = {b"RIFF": "<", b"FORM": ">"}  # with the byte order of their numbers
_BIG_ENDIAN: Final = (b"NONE", b"twos")  # AIFF-C's names for plain samples
_LITTLE_ENDIAN: Final = (b"sowt",)


class _Format(NamedTuple):
    channels: int
    rate_hz: int
    bits: int
    big_endian: bool


def wav_of(chunk: AudioChunk) -> bytes:
    """Return the chunk as a whole WAV file."""
    size, rate = len(chunk.pcm), chunk.rate_hz
    head = (b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16, b"data", size)
    return _HEADER.pack(*head) + chunk.pcm


def wav_seconds(wav: bytes) -> float | None:
    """Return the duration of a file that `wav_of` made, None when it is not whole."""
    if len(wav) < _HEADER.size:
        return None
    head = _HEADER.unpack_from(wav)
    rate, size = head[7], head[12]
    if (head[0], head[2], head[11]) != (b"RIFF", b"WAVE", b"data") or not rate:
        return None
    return size / (2 * rate) if len(wav) == _HEADER.size + size else None


def read_audio(data: bytes) -> AudioChunk | None:
    """Return what a WAV or AIFF file holds, None while it is not whole.

    Raises EngineError for anything but 16 bit and one channel.
    """
    order = _CONTAINERS.get(data[:4])
    if order is None or len(data) < 12 or not _is_whole(data, order):
        return None
    chunks = _chunks(data, order)
    if order == "<":
        fmt, pcm = _wave_format(chunks.get(b"fmt ", b"")), chunks.get(b"data")
    else:
        fmt, pcm = _aiff_format(chunks.get(b"COMM", b"")), chunks.get(b"SSND", bytes(8))[8:]
    if fmt is None or pcm is None:
        return None
    if fmt.channels != 1 or fmt.bits != 16:
        found = f"{fmt.bits} bit, {fmt.channels} channels"
        raise EngineError(f"the speech engine wrote {found}; 16 bit, 1 channel is needed")
    pcm = pcm[: len(pcm) // 2 * 2]
    return AudioChunk(_swapped(pcm) if fmt.big_endian else pcm, fmt.rate_hz)


def _is_whole(data: bytes, order: str) -> bool:
    (size,) = struct.unpack_from(f"{order}I", data, 4)
    return bool(size) and len(data) >= 8 + size


def _chunks(data: bytes, order: str) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from(f"{order}4sI", data, at)
        found[name] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2  # chunks start at even places
    return found


def _wave_format(body: bytes) -> _Format | None:
    if len(body) < 16:
        return None
    _, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", body)
    return _Format(channels, rate_hz, bits, big_endian=False)


def _aiff_format(body: bytes) -> _Format | None:
    if len(body) < 18:
        return None
    channels, _, bits, exponent, mantissa = struct.unpack_from(">hIhHQ", body)
    rate_hz = round(mantissa * 2.0 ** ((exponent & 0x7FFF) - 16383 - 63))  # an 80-bit float
    kind = body[18:22] or b"NONE"  # plain AIFF does not say
    if kind not in _BIG_ENDIAN + _LITTLE_ENDIAN:
        raise EngineError(f"the speech engine wrote AIFF of the kind {kind!r}, which is not read")
    return _Format(channels, rate_hz, bits, big_endian=kind in _BIG_ENDIAN)


def _swapped(pcm: bytes) -> bytes:
    swapped = bytearray(len(pcm))
    swapped[0::2], swapped[1::2] = pcm[1::2], pcm[0::2]
    return bytes(swapped)
