from __future__ import annotations

from voice.faq import FaqEntry, clashes
from voice.faq.clashes import find_clashes


def entries(*fields):
    return {
        number: FaqEntry.model_validate({"id": f"e{number}", "answer": "Yes.", **given})
        for number, given in enumerate(fields)
    }


def test_the_same_wording_twice_in_one_entry_is_no_fault():
    given = entries({"question": "Open?", "variants": ["open", "OPEN!", "open"]})

    assert list(find_clashes(given, [], "en")) == []


def test_wordings_are_compared_as_they_are_matched():
    given = entries({"question": "What's 2 + 2?"}, {"question": "what is two plus two"})

    assert [place for place, _ in find_clashes(given, [], "en")] == [("entries", 1, "question")]


def test_more_variants_than_an_faq_may_have(monkeypatch):
    monkeypatch.setattr(clashes, "MAX_WORDINGS", 3)
    given = entries({"question": "Open?", "variants": ["a", "b"], "hear_as": ["c", "d"]})

    assert list(find_clashes(given, [], "en")) == [
        (("entries",), "4 variants in all; at most 3 are read")
    ]
