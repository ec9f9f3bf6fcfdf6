"""Media files made to hurt: much silence in a few bytes, and what is slow to parse."""

from __future__ import annotations

import io
import struct
from typing import Final

import av

MEGABYTE: Final = 1 << 20
BOMB_SECONDS: Final = 600.0  # ten times what may be sent
RATE_HZ: Final = 8_000


def hostile_files(slow_bytes: int = MEGABYTE) -> dict[str, bytes]:
    """Return every file by name; those that are slow to parse have about `slow_bytes`."""
    return {**bombs(), **slow_files(slow_bytes)}


def bombs() -> dict[str, bytes]:
    """Return BOMB_SECONDS of silence in each container that packs it well."""
    return {
        "flac of ten minutes": silence("flac", "flac"),
        "ogg of ten minutes": silence("ogg", "libopus", frame_duration="60"),
        "m4a of ten minutes": silence("ipod", "aac"),
    }


def slow_files(size: int) -> dict[str, bytes]:
    """Return files of about so many bytes that cost FFmpeg much more time than honest ones.

    Measured for 8 MB, in seconds on a busy core: tiny chunks 6, page marks 12, boxes 5, frame marks
    2; tiny blocks were given up at the deadline of 30.
    """
    riff = b"RIFF\xff\xff\xff\xffWAVE"
    adpcm = struct.pack("<4sIHHIIHHHH", b"fmt ", 20, 0x11, 1, 16_000, 16_000, 5, 4, 2, 1)
    ogg = silence("ogg", "libopus", 1.0)
    return {
        "wav of tiny chunks": riff + b"JUNK\0\0\0\0" * (size // 8),
        "wav of tiny blocks": riff + adpcm + b"data\xff\xff\xff\x7f" + bytes(size),
        "ogg of page marks": ogg[:300] + b"OggS" * (size // 4),
        "ogg of many streams": ogg * (size // len(ogg)),
        "m4a of empty boxes": b"\0\0\0\x20ftypM4A " + bytes(20) + b"\0\0\0\x08free" * (size // 8),
        "mp3 of frame marks": b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * (size // 4),
    }


def silence(container: str, codec: str, seconds: float = BOMB_SECONDS, **options: str) -> bytes:
    """Return silence, a few bytes for each second."""
    memory = io.BytesIO()
    with av.open(memory, "w", format=container) as file:
        stream = file.add_stream(codec, rate=RATE_HZ, layout="mono", options=options)
        stream.codec_context.open()
        size = stream.codec_context.frame_size
        frame = av.AudioFrame(stream.codec_context.format, "mono", size)
        frame.sample_rate = RATE_HZ
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        for start in range(0, int(seconds * RATE_HZ), size):
            frame.pts = start
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return memory.getvalue()
