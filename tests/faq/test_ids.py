from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from voice.faq.ids import slug, with_ids
from voice.faq.model import EntryId


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Why does my back crack?", "why-does-my-back-crack"),
        ("What’s a “facet joint”?", "whats-a-facet-joint"),
        ("  ¿Qué   pasa?  ", "qué-pasa"),
        ("रीढ़ क्यों बजती है?", "रीढ़-क्यों-बजती-है"),
        ("背中が鳴る?", "背中が鳴る"),
        ("Ｆｕｌｌ １２３", "full-123"),
        ("C++ or C?", "c-or-c"),
    ],
)
def test_slug_is_the_words_of_the_question(question, expected):
    import unicodedata

    assert slug(question) == unicodedata.normalize("NFKC", expected)


def test_a_long_slug_is_cut_at_a_word_and_marked():
    first = slug("word " * 40 + "one")
    second = slug("word " * 40 + "two")

    assert first != second
    assert first.rpartition("-")[0] == second.rpartition("-")[0]
    assert first.rpartition("-")[0].endswith("-word")
    assert len(slug("x" * 500)) <= 100


def test_a_question_without_words_still_gets_an_id():
    assert slug("???") != slug("!!!")
    assert slug("???").startswith("question-")


@given(st.text(max_size=300))
def test_every_slug_is_an_id(question):
    assert TypeAdapter(EntryId).validate_python(slug(question))


def test_own_ids_stay_and_questions_give_the_others():
    entries = with_ids([{"question": "One?", "id": "mine"}, {"question": "Two?"}, "no entry", {}])

    assert entries == [
        {"question": "One?", "id": "mine"},
        {"question": "Two?", "id": "two"},
        "no entry",
        {},
    ]


def test_questions_that_share_a_slug_are_marked_wherever_they_stand():
    entries = [{"question": text} for text in ("Is it C?", "Is it C++?", "Is it D?")]
    entries.append({"question": "Other?", "id": "is-it-d"})
    before = {entry["question"]: entry["id"] for entry in with_ids(entries)}

    assert len(set(before.values())) == 4
    assert before["Other?"] == "is-it-d"
    assert before["Is it D?"].startswith("is-it-d-")
    for seed in range(5):
        random.Random(seed).shuffle(entries)
        assert {entry["question"]: entry["id"] for entry in with_ids(entries)} == before
