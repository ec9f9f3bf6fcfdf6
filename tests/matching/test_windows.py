import pytest

from voice.matching.windows import MAX_CHARS, windows

STORY = "It was a long day. " * 100


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("why is it so", ("why is it so",)),
        (" why? ", ("why?",)),
        ("", ("",)),
        ("Hi there. Why is it so? Thanks.", ("Hi there. Why is it so? Thanks.", "Why is it so?")),
        ("One? Two? Three.", ("One? Two? Three.", "Two?")),
        ("こんにちは。なぜですか？", ("こんにちは。なぜですか？", "なぜですか？")),
        ("line\nwhy?", ("line\nwhy?", "why?")),
    ],
)
def test_short_texts(text, parts):
    assert windows(text) == parts


def test_long_texts_are_matched_on_their_ends():
    text = f"Where to begin? {STORY}Why is it so"
    end, start, question = windows(text)
    assert text.endswith(end)
    assert end.startswith("It was a long day.")
    assert len(end) <= MAX_CHARS
    assert start == text[:MAX_CHARS].strip()
    assert question == "Where to begin?"


def test_the_end_of_one_endless_sentence_is_cut_anywhere():
    assert windows("a" * 2000) == ("a" * MAX_CHARS,)


def test_a_full_stop_at_the_very_end_cuts_nothing_away():
    assert windows("a" * 2000 + ".")[0] == "a" * (MAX_CHARS - 1) + "."
