from __future__ import annotations

import pytest

from voice.audio.raw import RawFormat, raw_format
from voice.errors import AudioError


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("audio/L16;rate=16000", RawFormat(16_000, 1, False)),
        ("audio/l16; rate=8000; channels=2", RawFormat(8_000, 2, False)),
        ('AUDIO/L16 ; Rate="44100" ;CHANNELS=6', RawFormat(44_100, 6, False)),
        ("audio/L16;rate=16000;endianness=little-endian", RawFormat(16_000, 1, True)),
        ("audio/L16;rate=16000;endianness=big-endian", RawFormat(16_000, 1, False)),
        ("audio/wav", None),
        ("audio/L160;rate=16000", None),
        ("", None),
        (None, None),
    ],
)
def test_media_type(content_type: str | None, expected: RawFormat | None) -> None:
    assert raw_format(content_type) == expected


@pytest.mark.parametrize(
    "content_type",
    [
        "audio/L16",
        "audio/L16;rate=",
        "audio/L16;rate=-16000",
        "audio/L16;rate=16k",
        "audio/L16;rate=0",
        "audio/L16;rate=١٦٠٠٠",
        "audio/L16;rate=" + "9" * 5000,
        "audio/L16;rate=16000;channels=0",
        "audio/L16;rate=16000;channels=9",
        "audio/L16;rate=16000;endianness=middle",
    ],
)
def test_impossible_formats_are_refused(content_type: str) -> None:
    with pytest.raises(AudioError, match="audio/l16") as caught:
        raw_format(content_type)
    assert caught.value.http_status == 415
