"""WAV files in memory: 16-bit, one channel, what our own parts hand to each other."""

from __future__ import annotations

import io
import wave

from voice.errors import AudioError
from voice.types import BYTES_PER_SAMPLE, AudioChunk


def write_wav(chunk: AudioChunk) -> bytes:
    """Return a chunk as a whole WAV file."""
    memory = io.BytesIO()
    with wave.open(memory, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(BYTES_PER_SAMPLE)
        file.setframerate(chunk.rate_hz)
        file.writeframes(chunk.pcm)
    return memory.getvalue()


def read_wav(wav: bytes) -> AudioChunk:
    """Return the samples of a WAV file that holds 16-bit PCM of one channel, at its own rate.

    For files that this program made; a stranger's go through AudioDecoder. A length in the header
    that is larger than the file is read for what is there. Raises AudioError for any other WAV.
    """
    try:
        with wave.open(io.BytesIO(wav)) as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, BYTES_PER_SAMPLE):
                raise AudioError("a WAV file with one channel of 16 bits is needed here")
            pcm = file.readframes(file.getnframes())
            rate_hz = file.getframerate()
    except (wave.Error, EOFError) as error:
        raise AudioError(f"this is not a WAV file that can be read: {error}") from error
    return AudioChunk(pcm[: len(pcm) - len(pcm) % BYTES_PER_SAMPLE], rate_hz)
