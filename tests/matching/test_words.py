import pytest

from voice.matching.wording import load_wording
from voice.matching.words import Vocabulary, WordIndex

TEXTS = ["why does my back crack", "my back cracks when i bend", "how much is a massage"]


@pytest.fixture(scope="module")
def index() -> WordIndex:
    return WordIndex(TEXTS, [0, 0, 1], Vocabulary(load_wording("en")))


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "why does my back crack", ["back", "crack"]),
        ("en", "cracking cracked cracks crack", ["crack"]),
        ("en", "popping pops", ["pop"]),
        ("en", "what is it", ["is", "it", "what"]),  # nothing but light words: all count
        ("en", "as is", ["as", "is"]),
        ("de", "warum knackt mein rucken", ["knackt", "ruck"]),
        ("xx", "the back", ["back", "the"]),
        ("ja", "背中が鳴る", ["が鳴", "中が", "背中", "鳴る"]),
        ("ja", "背", ["背"]),
        ("en", "", []),
    ],
)
def test_content_words(language, text, words):
    assert Vocabulary(load_wording(language)).content(text) == words


def test_covers_all_of_a_phrase_and_its_entry(index):
    phrases, entries = index.covers("why does my back crack")
    assert phrases.tolist() == pytest.approx([1.0, 2 / 3, 0.0])
    assert entries.tolist() == pytest.approx([1.0, 0.0])


def test_strange_words_lower_what_the_entry_has(index):
    phrases, entries = index.covers("why does my knee crack")
    assert phrases[0] == pytest.approx(0.5)
    assert entries[0] == pytest.approx(0.5)


def test_a_misspelled_word_counts_by_its_likeness(index):
    phrases, entries = index.covers("back masage")
    assert 0.4 < entries[1] < 0.5
    assert 0.8 < phrases[2] < 1.0


def test_another_first_letter_is_another_word(index):
    assert index.covers("track")[0].tolist() == [0.0, 0.0, 0.0]


def test_words_of_another_entry_of_the_faq_do_not_count(index):
    assert index.covers("massage my back")[1].tolist() == pytest.approx([0.5, 0.5])


def test_only_some_unknown_words_are_looked_up(index):
    strange = " ".join(f"{letter}qxz" for letter in "abcdefghijkl")
    _, entries = index.covers(f"{strange} masage")
    assert entries[1] == 0.0  # "masage" comes 13th
