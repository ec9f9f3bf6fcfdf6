from __future__ import annotations

import wave
from io import BytesIO

import pytest

from voice.audio.wav import read_wav, write_wav
from voice.errors import AudioError
from voice.types import AudioChunk

CHUNK = AudioChunk(bytes(range(200)), 22_050)


def test_what_is_written_is_read_again() -> None:
    assert read_wav(write_wav(CHUNK)) == CHUNK


def test_empty_chunk_is_a_whole_file() -> None:
    assert read_wav(write_wav(AudioChunk(b"", 8_000))) == AudioChunk(b"", 8_000)


@pytest.mark.parametrize("claimed", [201, 100_000, 0x7FFF_FFFF, 0xFFFF_FFFF])
def test_length_beyond_the_file_is_not_believed(claimed: int) -> None:
    wav = write_wav(CHUNK)
    assert read_wav(wav[:40] + claimed.to_bytes(4, "little") + wav[44:]) == CHUNK


def test_half_a_sample_at_the_end_is_dropped() -> None:
    assert read_wav(write_wav(CHUNK)[:-1]).pcm == CHUNK.pcm[:-2]


@pytest.mark.parametrize("wav", [b"", b"RIFF", b"not audio at all", write_wav(CHUNK)[:30]])
def test_other_bytes_are_refused(wav: bytes) -> None:
    with pytest.raises(AudioError):
        read_wav(wav)


def test_stereo_is_refused() -> None:
    memory = BytesIO()
    with wave.open(memory, "wb") as file:
        file.setparams((2, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(400))
    with pytest.raises(AudioError, match="one channel of 16 bits"):
        read_wav(memory.getvalue())
