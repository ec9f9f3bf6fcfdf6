from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.stt.sentences import acronyms, sentences


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("Is it bad?", ["is it bad"]),
        ("What's that?", ["what's that", "what is that"]),
        ("What’s that?", ["what's that", "what is that"]),  # noqa: RUF001
        ("Do I need 2 X-rays?", ["do i need two x rays"]),
        ("Is the café open?", ["is the cafe open"]),
        ("  \u00a0stop\u200b! ", ["stop"]),
        ("你好", []),
        ("...", []),
        ("", []),
        ("'quoted' words", ["quoted words"]),
    ],
)
def test_phrase_becomes_what_is_said(phrase, said):
    assert [" ".join(words) for words in sentences([phrase])] == said


def test_repeats_are_one_sentence():
    assert sentences(["stop", "Stop!", "STOP"]) == [("stop",)]


@given(st.lists(st.text(max_size=50), max_size=5))
def test_any_text_gives_plain_words(phrases):
    for sentence in sentences(phrases):
        for word in sentence:
            assert word.replace("'", "").isascii()
            assert word.replace("'", "").isalpha()
            assert word == word.lower()


def test_endless_words_and_phrases_are_cut():
    (sentence,) = sentences(["a" * 1_000_000])
    assert max(map(len, sentence)) <= 40
    assert len(sentence) <= 100


@pytest.mark.slow
def test_twenty_thousand_phrases_take_seconds():
    started = time.process_time()
    made = sentences(f"is number {number:x} the right one" for number in range(20_000))
    assert len(made) > 5_000
    assert time.process_time() - started < 10


def test_acronyms_are_the_words_in_capitals():
    assert acronyms(["Do I need an MRI, or a CT?", "I do"]) == {"mri", "ct"}
