"""The FAQ that comes with the product: complete, short enough to be heard, and told apart."""

from __future__ import annotations

from itertools import combinations

import pytest
from rapidfuzz import fuzz

from voice import paths
from voice.faq.readers import read_faq
from voice.matching.normalize import normalize
from voice.phrases import load_phrases

MIN_VARIANTS = 8
MAX_WORDS = 60
MAX_SENTENCE_WORDS = 30
MAX_ALIKE = 75  # of 100, letters in order; two of the given questions are 79
MAX_ALIKE_SORTED = 78  # the same with the words in alphabetical order
MIN_UNKNOWN = 3
MAX_LIKE_GIVEN = 80  # of 100: an answer retold, not copied


@pytest.fixture(scope="module")
def faq():
    return read_faq(paths.shipped("data", "faq", "back-cracking.yaml"))


def test_it_asks_the_given_questions(faq, shared_data):
    given = read_faq(shared_data / "seed-faq.txt")

    assert [entry.question for entry in faq.entries] == [entry.question for entry in given.entries]


def test_its_answers_are_not_those_that_were_given(faq, shared_data):
    given = read_faq(shared_data / "seed-faq.txt")
    for ours, theirs in zip(faq.entries, given.entries, strict=True):
        assert fuzz.ratio(ours.answer, theirs.answer) < MAX_LIKE_GIVEN, ours.id


def test_its_header_is_complete(faq):
    assert (faq.locale, faq.name) == ("en-US", "back-cracking")
    assert faq.greeting
    assert "not medical advice" in faq.notice
    assert faq.contact.say


def test_its_answers_are_short_enough_to_be_heard(faq):
    for entry in faq.entries:
        assert len(entry.answer.split()) <= MAX_WORDS, entry.id
        for sentence in entry.answer.split(". "):
            assert len(sentence.split()) <= MAX_SENTENCE_WORDS, sentence


def test_every_entry_is_worded_in_many_ways(faq):
    for entry in faq.entries:
        assert len(entry.variants) >= MIN_VARIANTS, entry.id


def test_no_wording_is_a_near_copy_of_another_entrys(faq):
    wordings = [
        (entry, phrase, normalize(phrase, faq.locale))
        for entry in faq.entries
        for phrase in entry.phrases
    ]
    near = [
        (one, other)
        for (entry, one, text), (another, other, second) in combinations(wordings, 2)
        if entry.id != another.id
        and {one, other} - {entry.question, another.question}
        and (
            fuzz.ratio(text, second) >= MAX_ALIKE
            or fuzz.token_sort_ratio(text, second) >= MAX_ALIKE_SORTED
        )
    ]
    assert near == []


def test_its_cases_reach_every_entry_and_leave_some_unknown(faq):
    expected = [case.expect for case in faq.cases]

    assert {entry.id for entry in faq.entries} <= set(expected)
    assert expected.count("unknown") >= MIN_UNKNOWN


@pytest.mark.parametrize("locale", ["en", "de"])
def test_no_command_is_one_of_its_wordings(faq, locale):
    commands = {normalize(wording, "en") for wording in load_phrases(locale).spoken_wordings()}

    assert not commands & {normalize(phrase, "en") for phrase in faq.phrases}
