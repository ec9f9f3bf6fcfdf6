from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.dialogue.pages import cut_pages

SHORT = ("dr.", "z. b.")


@pytest.mark.parametrize(
    ("text", "limit", "pages"),
    [
        ("One. Two.", None, ["One. Two."]),
        ("One. Two.", 9, ["One. Two."]),
        ("One. Two.", 8, ["One.", "Two."]),
        ("One! Two? Three.", 9, ["One! Two?", "Three."]),
        ('He said "yes." She left.', 15, ['He said "yes."', "She left."]),
        ("Ask Dr. Miller about it. Then go.", 24, ["Ask Dr. Miller about it.", "Then go."]),
        (
            "Yes. Ask Dr. Miller about all of it.",
            13,
            ["Yes.", "Ask Dr.", "Miller about", "all of it."],
        ),
        ("Zu. Ab dem 3. Mai wieder auf.", 20, ["Zu.", "Ab dem 3. Mai wieder", "auf."]),
        ("Es gibt viel, z. B. Kuchen.", 20, ["Es gibt viel,", "z. B. Kuchen."]),
        ("one two, three four five", 15, ["one two,", "three four five"]),
        ("one two three", 8, ["one two", "three"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("一つ。二つ。三つ。", 6, ["一つ。二つ。", "三つ。"]),
        ("One\nTwo", 4, ["One", "Two"]),
        ("", 5, []),
    ],
)
def test_pages_end_where_a_speaker_breathes(text: str, limit: int | None, pages: list[str]) -> None:
    assert cut_pages(text, limit, SHORT) == pages


@given(st.text(max_size=400), st.integers(1, 60))
def test_no_word_is_lost_and_no_page_too_long(text: str, limit: int) -> None:
    pages = cut_pages(text, limit)
    assert all(page and len(page) <= limit for page in pages)
    assert "".join("".join(pages).split()) == "".join(text.split())
