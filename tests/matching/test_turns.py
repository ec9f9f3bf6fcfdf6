import random
import string
import time
from datetime import date

import pytest

from voice.matching.matcher import Matcher, MatchOptions
from voice.types import Turn


def outcome(match):
    return match.status, [(c.entry_id, round(c.score, 6)) for c in match.candidates], match.text


# --- hypotheses ---------------------------------------------------------------------------------


def test_a_later_hypothesis_may_be_the_right_one(shop):
    wrong = "when can eye bark"
    assert shop.match(Turn(wrong, spoken=True)).status != "answer"
    match = shop.match(Turn(wrong, hypotheses=(wrong, "where can i park"), spoken=True))
    assert (match.status, match.candidates[0].entry_id) == ("answer", "parking")
    assert match.text == "where can i park"


def test_an_earlier_hypothesis_counts_more(shop):
    first, second = "where can i park", "can i get my money back"
    match = shop.match(Turn(first, hypotheses=(first, second), spoken=True))
    assert (match.status, match.candidates[0].entry_id) == ("answer", "parking")
    match = shop.match(Turn(second, hypotheses=(second, first), spoken=True))
    assert (match.status, match.candidates[0].entry_id) == ("answer", "refund")


def test_a_score_from_a_later_hypothesis_is_a_little_lower(shop):
    say = "where might i park"
    alone = shop.match(Turn(say, spoken=True)).score
    later = shop.match(Turn("zzz", hypotheses=("zzz", say), spoken=True)).score
    last = shop.match(Turn("zzz", hypotheses=("zzz", "zzzz", say), spoken=True)).score
    assert alone > later > last > 0.9 * alone


def test_only_the_first_five_hypotheses_count(shop):
    noise = ("za", "zb", "zc", "zd", "ze")
    assert shop.match(Turn("za", hypotheses=(*noise, "where can i park"))).status == "unknown"


def test_hear_as_counts_for_spoken_turns_only(shop_wordings, make_faq):
    faq = make_faq({**shop_wordings}, parking={"hear_as": ("wear can eye bark",)})
    matcher = Matcher(faq)
    assert matcher.match(Turn("wear can eye bark")).status != "answer"
    match = matcher.match(Turn("wear can eye bark", hypotheses=("wear can eye bark",)))
    assert match.status == "answer"
    match = matcher.match(Turn("wear can eye bark", spoken=True))
    assert (match.status, match.candidates[0].entry_id) == ("answer", "parking")
    assert matcher.match(Turn("wear can i bark", spoken=True)).candidates[0].entry_id == "parking"


# --- entries: urgent, dates ---------------------------------------------------------------------


URGENT = {"smoke": ["I smell smoke"], "meat": ["I like the smell of smoked meat"]}


def test_an_urgent_entry_goes_first(make_faq):
    say = Turn("I like the smell of smoke")
    faq = make_faq(URGENT, smoke={"urgent": True})
    options = MatchOptions(0.4, 0.0)
    assert Matcher(make_faq(URGENT), options).match(say).candidates[0].entry_id == "meat"
    match = Matcher(faq, options).match(say)
    assert (match.status, match.candidates[0].entry_id) == ("answer", "smoke")


def test_an_urgent_entry_is_never_asked_about(make_faq):
    shoes = {"a": ["Can I return gym shoes?"], "b": ["Can I return fly shoes?"]}
    for limit in (0.62, 0.99):
        matcher = Matcher(make_faq(shoes, a={"urgent": True}), MatchOptions(limit, 0.07))
        match = matcher.match(Turn("can I return shoes"))
        if match.status == "clarify":
            assert [candidate.entry_id for candidate in match.candidates] == ["b"]
        else:
            assert (match.status, match.candidates[0].entry_id) == ("answer", "a")


@pytest.mark.parametrize(
    ("day", "answered"),
    [("2025-11-30", False), ("2025-12-01", True), ("2025-12-24", True), ("2025-12-25", False)],
)
def test_entries_count_on_their_days_only(shop_wordings, make_faq, day, answered):
    fields = {"valid_from": date(2025, 12, 1), "valid_until": date(2025, 12, 24)}
    matcher = Matcher(
        make_faq({"market": ["Where is the Christmas market?"], **shop_wordings}, market=fields)
    )
    match = matcher.match(Turn("where is the christmas market"), today=date.fromisoformat(day))
    assert (match.status == "answer") is answered
    assert answered or "market" not in [candidate.entry_id for candidate in match.candidates]


def test_an_expired_entry_is_not_there_today(make_faq):
    faq = make_faq({"old": ["Is it 1999?"]}, old={"valid_until": date(1999, 12, 31)})
    assert Matcher(faq).match(Turn("is it 1999")).status == "unknown"


# --- long texts ---------------------------------------------------------------------------------


def test_a_question_at_either_end_of_a_long_story_is_found(shop):
    story = "We drove for hours and the children were tired. " * 400
    for text in (f"{story} Where can I park?", f"Where can I park? {story}"):
        match = shop.match(Turn(text))
        assert (match.status, match.candidates[0].entry_id) == ("answer", "parking"), text[:20]


def test_endless_text_takes_bounded_time(back):
    rng = random.Random(1)
    letters = string.ascii_lowercase + "      0123456789.?'"
    texts = [
        "".join(rng.choices(letters, k=100_000)),
        "9" * 100_000,
        "why " * 25_000,
        "?" * 100_000,
        "a" * 100_000,
        "は" * 100_000,
    ]
    for text in texts:
        started = time.perf_counter()
        back.match(Turn(text, hypotheses=(text[1:], text[2:]), spoken=True))
        assert time.perf_counter() - started < 1.5
