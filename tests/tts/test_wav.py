import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.errors import EngineError
from voice.tts.wav import read_audio, wav_of, wav_seconds
from voice.types import AudioChunk

PCM = struct.pack("<4h", 1, -2, 300, -32768)
CHUNK = AudioChunk(PCM, 22050)


def aiff(kind: bytes, sound: bytes, bits: int = 16, channels: int = 1) -> bytes:
    rate = struct.pack(">HQ", 16383 + 14, 22050 << 49)  # an 80-bit float
    common = struct.pack(">hIh", channels, len(sound) * 8 // bits, bits) + rate + kind
    body = b"AIFC" if kind else b"AIFF"
    for name, data in ((b"COMM", common), (b"odd ", b"x"), (b"SSND", bytes(8) + sound)):
        body += name + struct.pack(">I", len(data)) + data + bytes(len(data) % 2)
    return b"FORM" + struct.pack(">I", len(body)) + body


def test_what_is_written_python_reads() -> None:
    with wave.open(io.BytesIO(wav_of(CHUNK))) as file:
        assert file.getparams()[:4] == (1, 2, 22050, 4)
        assert file.readframes(9) == PCM


def test_what_is_written_is_read_back() -> None:
    assert read_audio(wav_of(CHUNK)) == CHUNK
    assert wav_seconds(wav_of(CHUNK)) == CHUNK.seconds


@pytest.mark.parametrize("size", range(44 + len(PCM)))
def test_a_file_that_is_not_whole_is_none(size: int) -> None:
    assert read_audio(wav_of(CHUNK)[:size]) is None
    assert wav_seconds(wav_of(CHUNK)[:size]) is None


def test_a_file_with_other_chunks_is_read() -> None:
    whole = wav_of(CHUNK)
    more = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    data = b"RIFF" + struct.pack("<I", len(whole) - 8 + len(more)) + whole[8:36] + more + whole[36:]
    assert read_audio(data) == CHUNK


@pytest.mark.parametrize("kind", [b"", b"NONE", b"twos", b"sowt"])
def test_aiff_is_read(kind: bytes) -> None:
    order = "<" if kind == b"sowt" else ">"
    sound = struct.pack(f"{order}4h", 1, -2, 300, -32768)
    assert read_audio(aiff(kind, sound)) == CHUNK
    assert read_audio(aiff(kind, sound)[:-1]) is None


@pytest.mark.parametrize(
    "data",
    [
        aiff(b"fl32", PCM, bits=32),
        aiff(b"NONE", PCM, bits=8),
        aiff(b"NONE", PCM, channels=2),
        wav_of(CHUNK).replace(struct.pack("<HH", 1, 1), struct.pack("<HH", 1, 2)),
    ],
)
def test_other_audio_is_an_error(data: bytes) -> None:
    with pytest.raises(EngineError, match="the speech engine wrote"):
        read_audio(data)


@given(st.binary(max_size=80), st.sampled_from([b"", b"RIFF", b"FORM"]), st.booleans())
def test_any_bytes_are_none_or_a_chunk(data: bytes, start: bytes, fitting: bool) -> None:
    order = "<" if start == b"RIFF" else ">"
    size = struct.pack(f"{order}I", len(data)) if fitting else b""
    try:
        chunk = read_audio(start + size + data)
    except EngineError:
        return
    assert chunk is None or len(chunk.pcm) % 2 == 0
    assert wav_seconds(data) is None
