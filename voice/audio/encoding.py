"""Encode our own speech for the wire with PyAV; runs in the decoder's child only."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

import av
from av.audio.stream import AudioStream

from voice.audio.containers import ENCODINGS
from voice.errors import EngineError
from voice.types import BYTES_PER_SAMPLE, AudioChunk

FRAME_SECONDS: Final = 1.0
MIN_SECONDS: Final = 0.1  # of less, an MP3 file would have no frame at all


def encode_chunk(chunk: AudioChunk, format_name: str) -> bytes:
    """Return a chunk as a whole file of one of the ENCODINGS."""
    encoding = ENCODINGS[format_name]
    rate_hz = encoding.rate_hz or chunk.rate_hz
    memory = io.BytesIO()
    with av.open(memory, mode="w", format=encoding.muxer) as container:
        stream = container.add_stream(encoding.codec, rate=rate_hz, layout="mono")
        assert isinstance(stream, AudioStream)
        codec = stream.codec_context
        if encoding.bits_per_second is not None:
            codec.bit_rate = encoding.bits_per_second
        codec.open()
        resampler = av.AudioResampler(codec.format, "mono", rate_hz, codec.frame_size or None)
        for source in (*_frames(chunk), None):
            for frame in resampler.resample(source):
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    if not memory.getbuffer():
        raise EngineError(f"nothing came out as {format_name}")
    return memory.getvalue()


def _frames(chunk: AudioChunk) -> Iterator[av.AudioFrame]:
    """Yield a chunk as frames, of MIN_SECONDS at least in all.

    One frame of all of it would take the resampler more memory than this process may have.
    """
    pcm = chunk.pcm.ljust(int(MIN_SECONDS * chunk.rate_hz) * BYTES_PER_SAMPLE, b"\0")
    size = int(FRAME_SECONDS * chunk.rate_hz) * BYTES_PER_SAMPLE
    for start in range(0, len(pcm), size):
        piece = pcm[start : start + size]
        frame = av.AudioFrame("s16", "mono", len(piece) // BYTES_PER_SAMPLE)
        frame.sample_rate = chunk.rate_hz
        frame.planes[0].update(piece)
        yield frame
