"""The audio containers that are read and written; told by their first bytes, before FFmpeg.

FFmpeg guesses among hundreds of formats, several of which (SDP, playlists) name other files and
hosts to open. It is told the format instead, so that no guess runs on strangers' bytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

# FFmpeg's names of the demuxers that may run; "mov" reads mp4 and m4a as well.
DEMUXERS: Final = ("wav", "mp3", "ogg", "flac", "mov", "matroska", "webm")
READABLE: Final = "wav, mp3, ogg, flac, m4a or webm"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How speech is written in one format; FFmpeg's names."""

    muxer: str
    codec: str
    rate_hz: int | None = None  # None keeps the speech's own
    bits_per_second: int | None = None  # None where nothing is lost


# Rates that the codec takes, above any synthesizer's; bit rates at which speech sounds clean.
# A telephone carries 8 kHz: 15 s of speech are such a WAV in 8 ms, an MP3 in 220.
ENCODINGS: Final = {
    "mp3": Encoding("mp3", "libmp3lame", 24_000, 64_000),
    "ogg": Encoding("ogg", "libopus", 48_000, 32_000),
    "flac": Encoding("flac", "flac"),
    "telephone": Encoding("wav", "pcm_s16le", 8_000),
    "aac": Encoding("adts", "aac", 24_000, 64_000),
    "pcm": Encoding("s16le", "pcm_s16le", 24_000),  # bare samples: who asks knows the rate
}

_MAGIC: Final = (
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (0, b"ID3", "mp3"),
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    *((4, box, "mov") for box in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")),
)
_WAV_IDS: Final = (b"RIFF", b"RIFX", b"RF64", b"BW64")
_RIFF_HEADER_BYTES: Final = 12
_CHUNK_HEADER: Final = struct.Struct("<4sI")
_UNKNOWN_SIZES: Final = (0, 0xFFFF_FFFF)  # what a writer leaves that could not go back


def find_container(data: bytes) -> str | None:
    """Return FFmpeg's name of the container that the data is, None when it is none we read."""
    if data[:4] in _WAV_IDS and data[8:12] == b"WAVE":
        return "wav"
    for offset, magic, demuxer in _MAGIC:
        if data.startswith(magic, offset):
            return demuxer
    return "mp3" if _is_mpeg_frame(data[:4]) else None


def _is_mpeg_frame(head: bytes) -> bool:
    """Return whether these four bytes are the header of an MPEG audio frame, layer II or III."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bitrate, rate = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer in (1, 2) and bitrate not in (0, 15) and rate != 3


def wav_goes_on(data: bytes) -> bool:
    """Return whether a WAV file holds more samples than its header says.

    So it is when the bytes after the stated end are no further chunk of the file.
    """
    if data[:4] != b"RIFF":
        return False
    start = _RIFF_HEADER_BYTES
    while start + _CHUNK_HEADER.size <= len(data):
        name, size = _CHUNK_HEADER.unpack_from(data, start)
        end = start + _CHUNK_HEADER.size + size
        if name == b"data":
            return size not in _UNKNOWN_SIZES and end < len(data) and not _chunks_from(data, end)
        start = end + size % 2
    return False


def _chunks_from(data: bytes, start: int) -> bool:
    """Return whether the rest of a RIFF file is whole chunks, give or take a byte of padding."""
    for first in (start, start + 1):
        place = first
        while place + _CHUNK_HEADER.size <= len(data):
            name, size = _CHUNK_HEADER.unpack_from(data, place)
            if not all(32 <= byte < 127 for byte in name):
                break
            place += _CHUNK_HEADER.size + size + size % 2
        if len(data) <= place <= len(data) + 1:
            return True
    return False
