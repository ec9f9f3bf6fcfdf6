"""Encode our own speech for the wire with PyAV; runs in the decoder's child only."""

from __future__ import annotations

import io
from typing import Final

import av
from av.audio.stream import AudioStream

from voice.audio.containers import ENCODINGS
from voice.types import BYTES_PER_SAMPLE, AudioChunk

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
        for source in (_frame(chunk), None):
            for frame in resampler.resample(source):
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return memory.getvalue()


def _frame(chunk: AudioChunk) -> av.AudioFrame:
    """Return a chunk as a frame, of MIN_SECONDS at least."""
    pcm = chunk.pcm.ljust(int(MIN_SECONDS * chunk.rate_hz) * BYTES_PER_SAMPLE, b"\0")
    frame = av.AudioFrame("s16", "mono", len(pcm) // BYTES_PER_SAMPLE)
    frame.sample_rate = chunk.rate_hz
    frame.planes[0].update(pcm)
    return frame
