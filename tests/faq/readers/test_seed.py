from __future__ import annotations

import random

import pytest

from voice.errors import FaqError
from voice.faq.readers import read_faq

TEXT = """\
What’s a “facet joint”?

It’s the joint between
two vertebrae.

There are many. Are they alike? Yes.

2. Where is it?

In the spine.
"""


def test_questions_and_answers(read):
    faq = read(TEXT, "my-back_faq.txt")
    first, second = faq.entries

    assert (faq.title, faq.locale) == ("my back faq", "en")
    assert (first.id, first.question) == ("whats-a-facet-joint", "What’s a “facet joint”?")
    assert first.answer.split("\n\n") == [
        "It’s the joint between two vertebrae.",
        "There are many. Are they alike? Yes.",
    ]
    assert (second.question, second.answer) == ("Where is it?", "In the spine.")


def test_a_paragraph_that_begins_with_a_question_is_no_question(read):
    faq = read("Why?\n\nWhy not?\nBecause it is so.\n\nReally.\n", "faq.txt")

    assert [entry.question for entry in faq.entries] == ["Why?"]
    assert faq.entries[0].answer == "Why not? Because it is so.\n\nReally."


def test_answers_right_below_their_questions(read):
    faq = read("1) When?\nAt nine.\nEvery day.\n\nOn Sundays, too.\n\nWhere?\nHere.\n", "faq.txt")

    assert [(entry.question, entry.answer) for entry in faq.entries] == [
        ("When?", "At nine. Every day.\n\nOn Sundays, too."),
        ("Where?", "Here."),
    ]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        ("\n\n \n" + TEXT.replace("\n\n", "\n \t\n\n") + "\n\n").encode(),
        TEXT.rstrip().encode(),
    ],
    ids=["CRLF", "byte order mark", "blank lines", "no last line end"],
)
def test_form_changes_nothing(read, content):
    assert read(content, "faq.txt").entries == read(TEXT, "faq.txt").entries


@pytest.mark.parametrize("name", ["faq", "faq.text", "faq.yaml", "faq.TXT"])
def test_the_text_decides_where_the_suffix_does_not(read, name):
    assert len(read(TEXT, name).entries) == 2


@pytest.mark.parametrize("name", ["___.txt", "!!.txt"])
def test_a_file_name_without_words_gives_a_plain_title(read, name):
    assert read(TEXT, name).title == "FAQ"


def test_the_order_of_entries_changes_no_id(read):
    blocks = [f"{word}?\n\nYes, {word}.\n\n" for word in ("Tea at 5%", "Tea at 5", "D", "E")]
    before = {entry.question: entry.id for entry in read("".join(blocks), "faq.txt").entries}
    for seed in range(3):
        random.Random(seed).shuffle(blocks)
        faq = read("".join(blocks), "faq.txt")
        assert {entry.question: entry.id for entry in faq.entries} == before


# --- the file that the product began with --------------------------------------------------------


def test_the_given_file_reads_as_it_is(shared_data):
    faq = read_faq(shared_data / "seed-faq.txt")

    assert len(faq.entries) == 9
    assert faq.entries[0].id == "why-does-my-back-crack-when-i-do-a-back-bend"
    assert faq.entries[0].answer.startswith("Back cracking can occur whenever the spine’s facet")
    assert faq.entries[8].question == "Does laying down decompress your spine?"
    assert all(entry.answer.endswith(".") for entry in faq.entries)


def test_the_given_file_shuffled_keeps_its_ids(shared_data, read):
    text = (shared_data / "seed-faq.txt").read_text(encoding="utf-8")
    before = read(text, "faq.txt")
    blocks = [f"{entry.question}\n\n{entry.answer}\n\n" for entry in before.entries]
    random.Random(1).shuffle(blocks)
    after = read("".join(blocks), "faq.txt")

    assert after.entries != before.entries
    assert set(after.entries) == set(before.entries)


def test_a_question_hidden_in_an_answer_is_a_fault(read):
    with pytest.raises(FaqError) as caught:
        read("When are you open?\nAt seven.\nWhere are you?\nHere.\n")
    assert [fault.split(":")[1] for fault in caught.value.faults] == ["3"]
    assert "blank line" in caught.value.faults[0]
