"""Audio as recognizers take it."""

from __future__ import annotations

from collections.abc import Iterator

from voice.errors import AudioError
from voice.types import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, AudioChunk


def pieces(chunk: AudioChunk, seconds: float) -> Iterator[AudioChunk]:
    """Yield the chunk in pieces of whole samples, at most `seconds` long each.

    Raises AudioError when it is not at 16 kHz: recognizers hear nonsense at any other rate.
    """
    if chunk.rate_hz != SAMPLE_RATE_HZ:
        raise AudioError(f"recognizers take {SAMPLE_RATE_HZ} Hz, this audio has {chunk.rate_hz}")
    step = int(seconds * SAMPLE_RATE_HZ) * BYTES_PER_SAMPLE
    whole = chunk.samples * BYTES_PER_SAMPLE
    for start in range(0, whole, step):
        yield AudioChunk(chunk.pcm[start : min(start + step, whole)])
