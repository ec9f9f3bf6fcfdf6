"""The shipped FAQ: what is answered, asked back and refused."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from voice.matching.matcher import Matcher
from voice.types import Turn

FOLDER = Path(__file__).parent.parent / "cases"
CASES = YAML(typ="safe").load(FOLDER / "matching_back.yaml")
HEARD = YAML(typ="safe").load(FOLDER / "matching_heard.yaml")


def _pairs(name):
    return [(entry, say) for entry, says in CASES[name].items() for say in says]


@pytest.mark.parametrize(("entry", "say"), _pairs("answer"))
def test_answered(back, entry, say):
    match = back.match(Turn(say))
    assert (match.status, match.candidates[0].entry_id) == ("answer", entry)


@pytest.mark.parametrize(("entry", "say"), _pairs("asked"))
def test_asked_back(back, entry, say):
    match = back.match(Turn(say))
    assert match.status == "clarify"
    assert entry in [candidate.entry_id for candidate in match.candidates]


@pytest.mark.parametrize("say", CASES["unknown"])
def test_unknown(back, say):
    assert back.match(Turn(say)).status == "unknown"


@pytest.mark.parametrize("say", CASES["not_answered"])
def test_near_misses_are_not_answered(back, say):
    assert back.match(Turn(say)).status != "answer"


@pytest.mark.parametrize("say", CASES["known_wrong"])
def test_known_wrong_answers_are_still_wrong(back, say):
    assert back.match(Turn(say)).status == "answer", "better now: move it to not_answered"


@pytest.mark.parametrize(("entry", "said", "heard"), HEARD["answered"])
def test_misheard_wordings_are_answered(back, entry, said, heard):
    match = back.match(Turn(heard[0], hypotheses=tuple(heard), spoken=True))
    assert (match.status, match.candidates[0].entry_id) == ("answer", entry), said


@pytest.mark.parametrize(("entry", "said", "heard"), HEARD["not_wrong"])
def test_half_heard_wordings_are_not_answered_wrongly(back, entry, said, heard):
    match = back.match(Turn(heard[0], hypotheses=tuple(heard), spoken=True))
    assert match.status != "answer" or match.candidates[0].entry_id == entry, said


def test_the_faqs_own_cases(back_faq, back):
    for case in back_faq.cases:
        match = back.match(Turn(case.say))
        found = [candidate.entry_id for candidate in match.candidates]
        if case.expect == "unknown":
            assert match.status == "unknown", case.say
        else:
            assert match.status in ("answer", "clarify"), case.say
            assert found[0] == case.expect, case.say


def test_every_wording_is_answered_by_its_entry(back_faq, back):
    for entry in back_faq.entries:
        for phrase in entry.phrases:
            for text in (phrase, phrase.upper(), f"  ...{phrase}!! "):
                match = back.match(Turn(text))
                assert (match.status, match.candidates[0].entry_id) == ("answer", entry.id)
                assert match.score == 1.0


@pytest.mark.parametrize("limit", [0.5, 0.62, 0.8])
def test_wordings_left_out_are_hardly_ever_answered_wrongly(back_faq, limit):
    """Each wording in turn is taken out of the FAQ and asked: right, asked back or refused."""
    from voice.matching.matcher import MatchOptions

    right = wrong = 0
    for number, entry in enumerate(back_faq.entries):
        for variant in entry.variants[::4]:
            kept = tuple(other for other in entry.variants if other != variant)
            entries = list(back_faq.entries)
            entries[number] = entry.model_copy(update={"variants": kept})
            faq = back_faq.model_copy(update={"entries": tuple(entries)})
            match = Matcher(faq, MatchOptions(limit, 0.07)).match(Turn(variant))
            if match.status == "answer":
                right += match.candidates[0].entry_id == entry.id
                wrong += match.candidates[0].entry_id != entry.id
    assert wrong <= 1
    if limit == 0.5:
        assert right >= 5


def test_others_recordings_are_not_answered(back, shared_data):
    lines = (shared_data / "spoken_misc" / "manifest.tsv").read_text(encoding="utf-8").splitlines()
    orders = (shared_data / "barista_dev" / "phrases.tsv").read_text(encoding="utf-8").splitlines()
    texts = [line.split("\t")[1] for line in lines[1:]]
    texts += [line.split("\t")[0] for line in orders[1::4]]
    answered = [text for text in texts if back.match(Turn(text)).status == "answer"]
    assert answered == []
