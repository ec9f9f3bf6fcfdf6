import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.tts.pieces import PIECE_CHARACTERS, pieces


def test_an_answer_is_one_piece(answer: str) -> None:
    assert list(pieces(answer)) == [answer]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One two. Three, four.", ["One two.", "Three, four."]),
        ("One two, three four.", ["One two,", "three four."]),
        ("one two three four", ["one two", "three four"]),
        ("onetwothreefour", ["onetwothreef", "our"]),
        ("一二三。四五六，七八九十一二", ["一二三。", "四五六，七八九十一二"]),
        ("", []),
        (" \n\t ", []),
        ("a\0b\ud800\x1bc", ["a b c"]),
    ],
)
def test_it_is_cut_at_the_best_place(text: str, expected: list[str]) -> None:
    assert list(pieces(text, limit=12)) == expected


@given(st.text(max_size=3000), st.integers(1, 50))
def test_no_piece_is_too_long_and_nothing_is_lost(text: str, limit: int) -> None:
    found = list(pieces(text, limit))
    assert all(0 < len(piece) <= limit for piece in found)
    whole = "".join("".join(pieces(text, 10_000)).split())
    assert "".join("".join(found).split()) == whole


def test_a_piece_is_never_longer_than_the_engine_is_fast_at() -> None:
    assert max(map(len, pieces("word " * 4000))) <= PIECE_CHARACTERS
