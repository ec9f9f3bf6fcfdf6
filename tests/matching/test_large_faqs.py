import random

import pytest

from voice.faq import Faq
from voice.matching.matcher import Matcher
from voice.types import Turn


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
