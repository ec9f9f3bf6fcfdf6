import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.matching.signals import SHORTLIST, SIGNALS, combine, shortlist

SHARES = st.floats(0, 1)


def everything(size):
    return np.ones(size, dtype=bool)


def test_few_phrases_are_all_looked_at():
    assert shortlist(np.zeros(5), everything(5)).tolist() == [0, 1, 2, 3, 4]


def test_only_usable_phrases_are_looked_at():
    usable = np.array([True, False, True])
    assert shortlist(np.array([0.1, 0.9, 0.2]), usable).tolist() == [0, 2]
    scores = np.linspace(0.1, 1, 3 * SHORTLIST)
    usable = np.arange(len(scores)) < 2 * SHORTLIST
    assert shortlist(scores, usable).tolist() == list(range(SHORTLIST, 2 * SHORTLIST))


def test_the_best_are_looked_at_and_a_tie_at_the_end_is_let_in():
    scores = np.linspace(0.1, 1, 3 * SHORTLIST)
    assert shortlist(scores, everything(len(scores))).tolist() == list(
        range(2 * SHORTLIST, 3 * SHORTLIST)
    )
    scores[:] = 0.5
    assert len(shortlist(scores, everything(len(scores)))) == len(scores)


def test_what_has_nothing_in_common_is_not_looked_at():
    scores = np.zeros(3 * SHORTLIST)
    scores[7] = 0.1
    assert shortlist(scores, everything(len(scores))).tolist() == [7]


@settings(deadline=None)
@given(
    values=st.fixed_dictionaries({name: SHARES for name in SIGNALS}),
    name=st.sampled_from(sorted(SIGNALS)),
    more=SHARES,
)
def test_the_score_grows_with_every_signal(values, name, more):
    arrays = {key: np.array([value, value]) for key, value in values.items()}
    arrays[name] = np.array([values[name], max(values[name], more)])
    less, grown = combine(arrays).tolist()
    assert 0.0 <= less <= grown + 1e-12 <= 1.0 + 1e-12


@pytest.mark.parametrize(("value", "score"), [(1.0, 1.0), (0.0, 0.0)])
def test_the_ends_of_the_score(value, score):
    assert combine({name: np.array([value]) for name in SIGNALS}).tolist() == [score]


def test_either_kind_of_evidence_is_enough():
    known = {"known_words": np.ones(1)}
    wording = {"grams": np.ones(1), "token_sort": np.ones(1), "phrase_words": np.ones(1)}
    nothing = {name: np.zeros(1) for name in SIGNALS}
    assert combine({**nothing, **known, **wording})[0] == 1.0
    assert combine({**nothing, **known, "ratio": np.ones(1)})[0] == 1.0
    assert combine({**nothing, **wording})[0] < 0.62
