from __future__ import annotations

import pytest

from voice.dialogue.choices import chosen_by_words

TOURS = ["is there a guided tour for adults", "is there a guided tour for children"]
MIXED = ["when are you open", "how much is a ticket"]
LIGHT = {"the", "one", "please", "first"}


@pytest.mark.parametrize(
    ("text", "questions", "place"),
    [
        ("for children", TOURS, 1),
        ("the one for children please", TOURS, 1),
        ("for childrens", TOURS, 1),
        ("for a dolts", TOURS, 0),
        ("for chilled ren", TOURS, 1),
        ("how much", MIXED, 1),
        ("the tickets", MIXED, 1),
        ("when are you opened", MIXED, 0),
        # what both have, or neither, or too little of
        ("guided tour", TOURS, None),
        ("for seniors", TOURS, None),
        ("is", MIXED, None),
        ("the one please", TOURS, None),
        ("how much is a biscuit", MIXED, None),
        ("is there parking", TOURS, None),
        ("what is the capital of france", TOURS, None),
        ("what is the capital of france", TOURS[:1], None),
        ("for children", [], None),
    ],
)
def test_part_of_a_question_chooses(text: str, questions: list[str], place: int | None) -> None:
    assert chosen_by_words(text, questions, LIGHT) == place
