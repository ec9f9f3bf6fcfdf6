from __future__ import annotations

from collections.abc import Callable

import pytest

from voice.audio.containers import find_container, wav_goes_on

LIST_CHUNK = b"LIST\x1a\x00\x00\x00INFOISFT\x0e\x00\x00\x00Lavf62.12.102\x00"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "wav"),
        (b"RF64\xff\xff\xff\xffWAVEds64", "wav"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", None),
        (b"OggS\x00\x02", "ogg"),
        (b"fLaC\x00\x00", "flac"),
        (b"ID3\x04\x00", "mp3"),
        (b"\xff\xfb\x90\x00", "mp3"),
        (b"\xff\xf3\x40\xc0", "mp3"),
        (b"\xff\xf1\x50\x80", None),  # AAC without a container
        (b"\xff\xfeh\x00", None),  # UTF-16
        (b"\xff\xff\xff\xff", None),
        (b"\x00\x00\x00\x20ftypM4A ", "mov"),
        (b"\x1a\x45\xdf\xa3\x01", "matroska"),
        (b"PK\x03\x04", None),
        (b"v=0\r\n", None),
        (b"#EXTM3U", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_first_bytes_tell_the_container(data: bytes, expected: str | None) -> None:
    assert find_container(data) == expected


@pytest.mark.parametrize(
    ("claimed", "rest", "expected"),
    [
        (100, b"", False),
        (100, LIST_CHUNK, False),
        (99, b"", False),  # one byte of padding
        (50, b"", True),
        (50, LIST_CHUNK, True),
        (200, b"", False),
        (0, b"", False),
        (0xFFFF_FFFF, b"", False),
    ],
)
def test_wav_that_holds_more_than_it_says(
    wav_header: Callable[..., bytes], claimed: int, rest: bytes, expected: bool
) -> None:
    samples = b"\xff\x7f" * 50
    assert wav_goes_on(wav_header(claimed) + samples + rest) is expected
