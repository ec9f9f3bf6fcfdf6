from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.cli.lines import checked, read_questions
from voice.errors import InputError
from voice.types import MAX_QUESTION_CHARS


def lines(data: bytes) -> list[str]:
    return list(read_questions(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"one\ntwo", ["one", "two"]),
        (b"one\r\n\r\ntwo\r\n", ["one", "", "two"]),
        (b"\n", [""]),
        ("\ufeffone\ntwo\n".encode(), ["one", "two"]),
        (b"a\xffb\n", ["a\ufffdb"]),
        (b"a\x00b\n", ["a\x00b"]),
        (b"\xed\xa0\x80\n", ["\ufffd\ufffd\ufffd"]),  # a lone surrogate in disguise
        ("a\u2028b\n".encode(), ["a\u2028b"]),
    ],
)
def test_lines(data, expected):
    assert lines(data) == expected


@pytest.mark.parametrize("character", ["x", "\u00e9", "\U0001f600"])
def test_the_longest_question_is_read_whole_and_a_longer_one_is_refused(character):
    whole = character * MAX_QUESTION_CHARS
    read = lines(f"{whole}\n{whole}{character}\n{whole}\r\nnext\n".encode())
    assert read[0] == read[2] == whole
    assert checked(whole) == whole
    with pytest.raises(InputError, match="20,000"):
        checked(read[1])
    assert read[3] == "next"


@pytest.mark.parametrize("length", [80_004, 80_005, 80_006, 160_010, 1_000_000])
def test_an_endless_line_is_one_question_too_long(length):
    read = lines(b"x" * length + b"\nnext\n")
    assert len(read) == 2
    assert MAX_QUESTION_CHARS < len(read[0]) <= 80_005
    assert read[1] == "next"
    assert len(lines(b"x" * length)) == 1


@given(st.lists(st.binary(max_size=30).filter(lambda data: b"\n" not in data)))
def test_there_is_a_question_for_each_line_of_any_bytes(parts):
    read = lines(b"".join(part + b"\n" for part in parts))
    assert len(read) == len(parts)
    "".join(read).encode("utf-8")  # holds no lone surrogate
