"""Audio as recognizers take it."""

from __future__ import annotations

from voice.errors import AudioError
from voice.types import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, AudioChunk


def checked_pcm(chunk: AudioChunk) -> bytes:
    """Return the chunk's whole samples.

    Raises AudioError when it is not at 16 kHz: recognizers hear nonsense at any other rate.
    """
    if chunk.rate_hz != SAMPLE_RATE_HZ:
        raise AudioError(f"recognizers take {SAMPLE_RATE_HZ} Hz, this audio has {chunk.rate_hz}")
    return chunk.pcm[: chunk.samples * BYTES_PER_SAMPLE]
