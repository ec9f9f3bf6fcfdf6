import json
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from voice.matching.matcher import Matcher, MatchOptions
from voice.types import Turn


def outcome(match):
    return match.status, [(c.entry_id, round(c.score, 6)) for c in match.candidates], match.text


# --- nothing to match ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "?!", "🙂", "\x00", "\ud800", "\u200b"])
def test_nothing_is_unknown_without_candidates(shop, text):
    match = shop.match(Turn(text), explain=True)
    assert (match.status, match.candidates, match.score) == ("unknown", (), 0.0)
    assert match.explain["reason"] == "nothing to match"


@pytest.mark.parametrize("text", ["a", "x", "park", "open", "money", "what", "zzzz", "7"])
def test_one_word_is_never_an_answer(shop, text):
    assert shop.match(Turn(text)).status != "answer"


@settings(deadline=None, max_examples=150)
@given(text=st.text(st.characters(codec=None), max_size=80), spoken=st.booleans())
@example("\ud800\x00" * 9, True)
@example("9" * 80, False)
def test_any_text_gets_a_match_with_scores_in_range(back, text, spoken):
    match = back.match(Turn(text, hypotheses=(text[::-1],) if spoken else (), spoken=spoken))
    scores = [candidate.score for candidate in match.candidates]
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert scores == sorted(scores, reverse=True)
    assert len(scores) <= 5
    assert match.status in ("answer", "clarify", "unknown")


# --- what must change nothing -------------------------------------------------------------------


SAYINGS = [
    "when do you open on Sunday",
    "where may I park",
    "is there a place to park my car",
    "how do I get the money back",
    "do you sell bread",
]


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), say=st.sampled_from(SAYINGS))
def test_the_order_of_entries_and_variants_changes_nothing(
    shop_wordings, make_faq, shop, seed, say
):
    rng = random.Random(seed)
    names = rng.sample(list(shop_wordings), len(shop_wordings))
    mixed = {
        name: [
            shop_wordings[name][0],
            *rng.sample(shop_wordings[name][1:], len(shop_wordings[name]) - 1),
        ]
        for name in names
    }
    assert outcome(Matcher(make_faq(mixed)).match(Turn(say))) == outcome(shop.match(Turn(say)))


@pytest.mark.parametrize("say", SAYINGS)
def test_doubled_variants_change_nothing(shop_wordings, make_faq, shop, say):
    doubled = {
        name: [*wordings, *wordings, wordings[0]] for name, wordings in shop_wordings.items()
    }
    assert outcome(Matcher(make_faq(doubled)).match(Turn(say))) == outcome(shop.match(Turn(say)))


@pytest.mark.parametrize("say", SAYINGS)
def test_case_punctuation_and_fillers_change_nothing(shop, say):
    wanted = outcome(shop.match(Turn(say)))
    for other in (say.upper(), f"«{say}»!?", say.replace(" ", " , "), f"um, {say}"):
        assert outcome(shop.match(Turn(other))) == wanted


def test_a_second_matcher_says_the_same(back_faq, back):
    again = Matcher(back_faq)
    for say in ("why does my back crack", "my back pops", "is it bad to bend"):
        first = back.match(Turn(say), explain=True)
        assert first == again.match(Turn(say), explain=True)


# --- ties, margins, floors ----------------------------------------------------------------------


def test_a_tie_is_asked_back_with_both(make_faq):
    faq = make_faq({"b": ["Can I return gym shoes?"], "a": ["Can I return fly shoes?"]})
    match = Matcher(faq).match(Turn("can I return shoes"))
    assert match.status == "clarify"
    assert [candidate.entry_id for candidate in match.candidates] == ["a", "b"]
    assert match.candidates[0].score == match.candidates[1].score


def test_a_tie_is_asked_back_even_without_a_margin(make_faq):
    faq = make_faq({"b": ["Can I return gym shoes?"], "a": ["Can I return fly shoes?"]})
    match = Matcher(faq, MatchOptions(0.3, 0.0)).match(Turn("can I return shoes"))
    assert match.status == "clarify"


def test_no_more_than_three_are_asked(make_faq):
    brands = ("gym", "fly", "kld", "mpb", "wvk")
    faq = make_faq({brand: [f"Can I return {brand} shoes?"] for brand in brands})
    match = Matcher(faq).match(Turn("can I return shoes"))
    assert match.status == "clarify"
    assert len(match.candidates) == 3


def test_a_wording_of_the_faq_is_answered_whatever_stands_beside(make_faq):
    faq = make_faq(
        {"one": ["Can I return my shoes?"], "two": ["Can I return my shoe?", "may I return shoes"]}
    )
    matcher = Matcher(faq, MatchOptions(1.0, 1.0))
    for entry in faq.entries:
        match = matcher.match(Turn(entry.question))
        assert (match.status, match.candidates[0].entry_id) == ("answer", entry.id)
    assert matcher.match(Turn("can I return some shoes")).status != "answer"


def test_one_wording_in_two_entries_is_asked_back(make_faq):
    faq = make_faq({"a": ["Can I park?"], "b": ["can i park"], "c": ["Can I pay?"]})
    match = Matcher(faq).match(Turn("can I park"))
    assert match.status == "clarify"
    assert [candidate.entry_id for candidate in match.candidates] == ["a", "b"]


def test_accents_alone_keep_two_wordings_apart(make_faq):
    faq = make_faq({"a": ["Darf ich drücken?"], "b": ["Darf ich drucken?"]}, "de")
    matcher = Matcher(faq)
    assert matcher.match(Turn("darf ich drucken")).candidates[0].entry_id == "b"
    assert matcher.match(Turn("darf ich drücken")).candidates[0].entry_id == "a"
    assert matcher.match(Turn("DARF ICH DRÜCKEN")).status == "answer"


def test_limits_move_the_decision(shop_wordings, make_faq):
    faq = make_faq(shop_wordings)
    say = Turn("what are the opening hours today")
    score = Matcher(faq).match(say).score
    assert 0.5 < score < 1.0
    below, above = MatchOptions(score - 0.01, 0.0), MatchOptions(score + 0.01, 0.0)
    assert Matcher(faq, below).match(say).status == "answer"
    assert Matcher(faq, above).match(say).status == "clarify"
    assert Matcher(faq, MatchOptions(1.0, 0.0)).match(say).status != "answer"


# --- explain ------------------------------------------------------------------------------------


def test_explain_tells_every_signal_as_json(shop):
    match = shop.match(Turn("where may I park my car"), explain=True)
    told = json.loads(json.dumps(dict(match.explain)))
    assert told["reason"]
    assert [each["entry_id"] for each in told["candidates"]] == [
        candidate.entry_id for candidate in match.candidates
    ]
    for each in told["candidates"]:
        assert each["phrase"]
        assert {"grams", "ratio", "token_sort"} <= each["signals"].keys()
        assert all(0 <= value <= 1 for value in each["signals"].values())
    assert shop.match(Turn("where may I park my car")).explain is None
