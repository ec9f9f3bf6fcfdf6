import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.matching.grams import grams
from voice.matching.tfidf import GramIndex

WORDS = st.text("abc dé日", max_size=20).map(lambda text: " ".join(text.split()))


def plain_grams(text):
    """List the n-grams one by one, to compare with."""
    padded = [f" {word} " for word in text.split()]
    return [
        word[start : start + size]
        for word in padded
        for size in (2, 3, 4, 5)
        for start in range(len(word) - size + 1)
    ]


def plain_cosines(texts, asked):
    """Return the cosines as the book has them."""
    counts = [Counter(plain_grams(text)) for text in texts]
    having = Counter(gram for count in counts for gram in count)

    def vector(count):
        return {
            gram: (1 + math.log(n)) * (math.log((1 + len(texts)) / (1 + having[gram])) + 1)
            for gram, n in count.items()
        }

    def length(weights):
        return math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0

    asked_for = vector(Counter(plain_grams(asked)))
    found = []
    for count in counts:
        weights = vector(count)
        common = sum(weight * asked_for.get(gram, 0.0) for gram, weight in weights.items())
        found.append(common / length(weights) / length(asked_for))
    return found


@settings(deadline=None)
@given(texts=st.lists(WORDS, max_size=4))
def test_grams_are_those_within_words(texts):
    hashes, owners = grams(texts)
    for number, text in enumerate(texts):
        own = hashes[owners == number]
        expected = plain_grams(text)
        assert len(own) == len(expected)
        assert len(set(own.tolist())) == len(set(expected))


@settings(deadline=None)
@given(texts=st.lists(WORDS, min_size=1, max_size=6), asked=WORDS)
def test_cosines_are_those_of_the_book(texts, asked):
    assert GramIndex(texts).cosines(asked) == pytest.approx(plain_cosines(texts, asked), abs=1e-6)


def test_a_phrase_is_like_itself_and_unlike_others():
    cosines = GramIndex(["why does it crack", "how much is it", "zzz"]).cosines("how much is it")
    assert cosines[1] == pytest.approx(1.0)
    assert cosines[0] < 0.5
    assert cosines[2] == 0.0


def test_unknown_letters_and_an_empty_index_are_like_nothing():
    assert GramIndex(["abc"]).cosines("xyz").tolist() == [0.0]
    assert GramIndex(["abc"]).cosines("").tolist() == [0.0]
    assert GramIndex([]).cosines("abc").tolist() == []
    assert np.isfinite(GramIndex(["", "a"]).cosines("a")).all()
