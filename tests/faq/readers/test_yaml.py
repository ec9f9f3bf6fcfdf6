from __future__ import annotations

import time
from datetime import date

import pytest

from voice.errors import FaqError
from voice.faq.readers import events

HEAD = "title: Shop\nlocale: en\n"
ENTRY = "entries: [{question: When?, answer: At nine.}]\n"


def test_every_field_of_the_format_is_kept(read):
    faq = read("""
version: 1
name: shop
title: Our shop
locale: en-GB
greeting: Good morning.
notice: Prices may change.
contact: {say: Please call us., phone: +44 20 1, email: a@b.example, url: https://b.example}
caution: high
platforms: {alexa: {invocation_name: our shop, ready: true, version: 2, price: 1.5, list: [a, 1]}}
entries:
  - id: hours
    question: When do you open?
    variants: [opening hours, when open]
    answer: >-
      We open at nine
      every day.
    more: On Sundays at ten.
    related: [where]
    hear_as: [opening ours]
    urgent: yes
    from: 2026-01-01
    until: 2026-12-31
  - id: where
    question: Where are you?
    answer: In Main Street.
cases:
  - {say: when is it open, expect: hours}
""")
    hours = faq.entries[0]

    assert (faq.version, faq.name, faq.caution) == (1, "shop", "high")
    assert (faq.greeting, faq.notice) == ("Good morning.", "Prices may change.")
    assert faq.contact is not None
    assert faq.contact.phone == "+44 20 1"
    assert faq.platforms["alexa"] == {
        "invocation_name": "our shop",
        "ready": True,
        "version": 2,
        "price": 1.5,
        "list": ["a", 1],
    }
    assert hours.answer == "We open at nine every day."
    assert hours.urgent is True
    assert hours.hear_as == ("opening ours",)
    assert (hours.valid_from, hours.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert faq.cases[0].expect == "hours"


@pytest.mark.parametrize("text", ["1984", "yes", "no", "007", "1.50", "2026-01-31", "0x1F", "1e3"])
def test_text_stays_text(read, text):
    faq = read(f"{HEAD}entries: [{{question: {text}, variants: [{text}a], answer: {text}}}]")

    assert faq.entries[0].question == text
    assert faq.entries[0].answer == text


def test_a_field_without_a_value_counts_as_not_given(read):
    faq = read(f"{HEAD}notice:\ncontact: ~\nplatforms: null\ncases:\n{ENTRY}")

    assert (faq.notice, faq.contact, faq.platforms, faq.cases) == (None, None, {}, ())


def test_text_may_be_used_again_by_alias(read):
    faq = read(
        f"{HEAD}entries: [{{question: When?, answer: &a At nine.}}, {{question: Now?, answer: *a}}]"
    )

    assert faq.entries[1].answer == "At nine."


def test_questions_over_several_lines_become_one(read):
    faq = read(f"{HEAD}entries:\n- question: |\n    When do\n    you  open?\n  answer: Now.\n")

    assert faq.entries[0].question == "When do you open?"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("title: " + "[" * 400_000, "nested more than 12 deep"),
        ("title: " + "{a: " * 100_000, "nested more than 12 deep"),
        ("title: \n" + "- " * 100_000, "nested more than 12 deep"),
        ("title: &a [*a]", "only text can have an anchor"),
        (f"title: &a {'x' * 1_000}\nentries:\n" + "- *a\n" * 6_000, "aliases stand for too much"),
    ],
    ids=["lists", "mappings", "dashes", "recursion", "aliases"],
)
def test_what_is_made_to_blow_up_is_refused_soon(read, text, fault):
    start = time.process_time()
    with pytest.raises(FaqError, match=fault):
        read(text)
    assert time.process_time() - start < 5


def test_tags_make_nothing_but_text(read):
    faq = read(f"title: !!python/object:os.system Shop\nlocale: en\n{ENTRY}")

    assert faq.title == "Shop"


def test_too_many_values_are_refused(read, monkeypatch):
    monkeypatch.setattr(events, "MAX_VALUES", 100)
    with pytest.raises(FaqError, match="more than 100 values"):
        read("title: [" + "a," * 101)


@pytest.mark.slow
def test_ten_thousand_phrases_are_read_in_a_few_seconds(read):
    entries = "".join(
        f"- question: What about item number {number}?\n  answer: It is {number}.\n  variants:\n"
        + "".join(f"  - tell me way {way} about the item {number}\n" for way in range(9))
        for number in range(1_000)
    )
    start = time.process_time()
    faq = read(f"{HEAD}entries:\n{entries}")

    assert len(faq.phrases) == 10_000
    assert time.process_time() - start < 5
