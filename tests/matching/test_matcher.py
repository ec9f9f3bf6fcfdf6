import json
import random
import string
import time
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from voice.faq import Faq
from voice.matching.matcher import Matcher, MatchOptions
from voice.types import Turn

SHOP = {
    "hours": ["What are your opening hours?", "when do you open", "are you open on Sunday"],
    "parking": ["Where can I park?", "is there a car park"],
    "refund": ["Can I get my money back?", "how do refunds work"],
}


@pytest.fixture(scope="module")
def shop(make_faq) -> Matcher:
    return Matcher(make_faq(SHOP))


def outcome(match):
    return match.status, [(c.entry_id, round(c.score, 6)) for c in match.candidates], match.text


# --- nothing to match ------------------------------------------------------------------------


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


# --- what must change nothing ----------------------------------------------------------------


SAYINGS = [
    "when do you open on Sunday",
    "where may I park",
    "is there a place to park my car",
    "how do I get the money back",
    "do you sell bread",
]


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), say=st.sampled_from(SAYINGS))
def test_the_order_of_entries_and_variants_changes_nothing(make_faq, shop, seed, say):
    rng = random.Random(seed)
    names = rng.sample(list(SHOP), len(SHOP))
    mixed = {
        name: [SHOP[name][0], *rng.sample(SHOP[name][1:], len(SHOP[name]) - 1)] for name in names
    }
    assert outcome(Matcher(make_faq(mixed)).match(Turn(say))) == outcome(shop.match(Turn(say)))


@pytest.mark.parametrize("say", SAYINGS)
def test_doubled_variants_change_nothing(make_faq, shop, say):
    doubled = {name: [*wordings, *wordings, wordings[0]] for name, wordings in SHOP.items()}
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


# --- ties, margins, floors -------------------------------------------------------------------


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


def test_limits_move_the_decision(make_faq):
    faq = make_faq(SHOP)
    say = Turn("what are the opening hours today")
    score = Matcher(faq).match(say).score
    assert 0.5 < score < 1.0
    below, above = MatchOptions(score - 0.01, 0.0), MatchOptions(score + 0.01, 0.0)
    assert Matcher(faq, below).match(say).status == "answer"
    assert Matcher(faq, above).match(say).status == "clarify"
    assert Matcher(faq, MatchOptions(1.0, 0.0)).match(say).status != "answer"


# --- hypotheses ------------------------------------------------------------------------------


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


def test_hear_as_counts_for_spoken_turns_only(make_faq):
    faq = make_faq({**SHOP}, parking={"hear_as": ("wear can eye bark",)})
    matcher = Matcher(faq)
    assert matcher.match(Turn("wear can eye bark")).status != "answer"
    match = matcher.match(Turn("wear can eye bark", hypotheses=("wear can eye bark",)))
    assert match.status == "answer"
    match = matcher.match(Turn("wear can eye bark", spoken=True))
    assert (match.status, match.candidates[0].entry_id) == ("answer", "parking")
    assert matcher.match(Turn("wear can i bark", spoken=True)).candidates[0].entry_id == "parking"


# --- entries: urgent, dates ------------------------------------------------------------------


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
def test_entries_count_on_their_days_only(make_faq, day, answered):
    fields = {"valid_from": date(2025, 12, 1), "valid_until": date(2025, 12, 24)}
    matcher = Matcher(
        make_faq({"market": ["Where is the Christmas market?"], **SHOP}, market=fields)
    )
    match = matcher.match(Turn("where is the christmas market"), today=date.fromisoformat(day))
    assert (match.status == "answer") is answered
    assert answered or "market" not in [candidate.entry_id for candidate in match.candidates]


def test_an_expired_entry_is_not_there_today(make_faq):
    faq = make_faq({"old": ["Is it 1999?"]}, old={"valid_until": date(1999, 12, 31)})
    assert Matcher(faq).match(Turn("is it 1999")).status == "unknown"


# --- long texts, other languages -------------------------------------------------------------


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


LANGUAGES = {
    "de": {
        "knacken": ["Warum knackt mein Rücken, wenn ich mich nach hinten beuge?"],
        "schlimm": ["Ist es schlimm, wenn die Wirbelsäule knackt?"],
        "kosten": ["Was kostet eine Massage für 30 Minuten?"],
    },
    "hi": {
        "chatak": ["मेरी पीठ क्यों चटकती है?"],
        "bura": ["क्या रीढ़ की हड्डी का चटकना बुरा है?"],
        "dard": ["पीठ दर्द में क्या करना चाहिए?"],
    },
    "ja": {
        "naru": ["背中を反らすと鳴るのはなぜですか?"],
        "warui": ["背骨が鳴るのは悪いことですか?"],
        "jikan": ["営業時間は何時からですか?"],
    },
    "th": {"lang": ["ทำไมหลังของฉันถึงลั่น"], "price": ["นวดราคาเท่าไหร่"]},
    "ar": {"zahr": ["لماذا يطقطق ظهري؟"], "waqt": ["ما هي ساعات العمل؟"]},
    "el": {"plati": ["Γιατί τρίζει η πλάτη μου;"], "ora": ["Τι ώρα ανοίγετε;"]},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_languages_answer_their_own_wording(make_faq, language):
    faq = make_faq(LANGUAGES[language], language)
    matcher = Matcher(faq)
    for entry in faq.entries:
        for text in (entry.question, entry.question.upper(), entry.question.strip("?؟;")):
            match = matcher.match(Turn(text))
            assert (match.status, match.candidates[0].entry_id) == ("answer", entry.id)
    assert matcher.match(Turn("what is the weather like")).status == "unknown"


@pytest.mark.parametrize(
    ("language", "say", "entry"),
    [
        ("de", "warum knackt der rucken wenn ich mich zurückbeuge nach hinten", "knacken"),
        ("de", "ist es schlimm wenn meine wirbelsäule knackt", "schlimm"),
        ("hi", "मेरी पीठ चटकती क्यों है", "chatak"),
        ("ja", "背中 を 反らす と 鳴る の は なぜ", "naru"),
        ("ja", "営業時間は何時ですか", "jikan"),
    ],
)
def test_other_languages_answer_other_wordings(make_faq, language, say, entry):
    match = Matcher(make_faq(LANGUAGES[language], language)).match(Turn(say))
    assert (match.status, match.candidates[0].entry_id) == ("answer", entry)


# --- explain ---------------------------------------------------------------------------------


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


# --- large FAQs ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large_faq(make_faq) -> Faq:
    rng = random.Random(3)
    words = ["".join(rng.choices("bcdfglmnprst", k=3)) + "a" for _ in range(800)]
    names = [f"what is the {a} {b}" for a, b in zip(words, rng.sample(words, 800), strict=True)]
    wordings = {f"e{n}": [name, f"{name} for", f"tell me {name}"] for n, name in enumerate(names)}
    return make_faq({**wordings, "light": ["What is the for?"]})


@pytest.fixture(scope="module")
def large(large_faq) -> Matcher:
    return Matcher(large_faq)


def test_every_kind_of_wording_is_answered_in_a_large_faq(large_faq, large):
    assert large.match(Turn("what is the for")).candidates[0].entry_id == "light"
    for entry in large_faq.entries[::40]:
        for phrase in entry.phrases:
            match = large.match(Turn(phrase))
            assert (match.status, match.candidates[0].entry_id) == ("answer", entry.id)


def test_a_misspelled_question_is_found_in_a_large_faq(large_faq, large):
    entry = large_faq.entries[17]
    say = entry.question.replace("what is", "whot iz") + " pleese"
    assert large.match(Turn(say)).candidates[0].entry_id == entry.id


def test_strangers_are_refused_by_a_large_faq(large):
    for say in ("who won the game", "what is the weather", "tell me a joke", "what is the"):
        assert large.match(Turn(say)).status != "answer"
