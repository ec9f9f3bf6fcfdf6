from __future__ import annotations

import io
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.stt.language_model import END, START, BackoffModel, estimate, mix, write_arpa

WORDS = ("my", "back", "cracks", "is", "it")
texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=6), min_size=1, max_size=8)
HISTORIES = [(), (START,), *((word,) for word in WORDS), *product((START, *WORDS), WORDS)]


def total(model: BackoffModel, history: tuple[str, ...]) -> float:
    return sum(model.probability((*history, word)) for word in (*WORDS, END))


@given(texts)
def test_probabilities_after_every_history_add_up_to_one(sentences):
    model = estimate([*sentences, WORDS])  # every word is known
    for history in HISTORIES:
        assert total(model, history) == pytest.approx(1)


@settings(max_examples=50)
@given(texts, texts, st.floats(0.05, 0.95))
def test_mixed_probabilities_add_up_to_one(first, second, share):
    mixed = mix(estimate([*first, WORDS]), estimate([*second, WORDS], order=2), share)
    for history in HISTORIES:
        assert total(mixed, history) == pytest.approx(1)


def test_witten_bell_by_hand():
    model = estimate([["a", "b"], ["a", "c"]], order=2)
    # Six tokens of four kinds, smoothed with one in four: (2 + 4 / 4) / (6 + 4).
    assert model.probability(("a",)) == pytest.approx(0.3)
    assert model.probability(("b",)) == pytest.approx(0.2)
    # After "a" two kinds followed twice: (1 + 2 * 0.2) / (2 + 2).
    assert model.probability(("a", "b")) == pytest.approx(0.35)
    # Never seen: what "a" keeps, 2 / (2 + 2), times the shorter one.
    assert model.probability(("a", "a")) == pytest.approx(0.5 * 0.3)


def test_what_was_seen_is_likelier_than_what_was_not():
    model = estimate([["is", "it", "bad"], ["it", "is", "bad"]])
    assert model.probability((START, "is", "it")) > model.probability((START, "is", "bad"))


def test_unknown_word_has_no_probability():
    assert estimate([["a"]]).probability(("a", "x")) == 0


def test_mix_keeps_the_words_and_pairs_of_both():
    mixed = mix(estimate([["a", "b"]]), estimate([["c", "d"]], order=2), 0.5)
    assert set(mixed.words) == {"a", "b", "c", "d"}
    assert mixed.probability(("a", "b")) > mixed.probability(("a", "d"))
    assert mixed.probability(("c", "d")) > mixed.probability(("c", "b"))


@pytest.fixture
def model():
    return estimate([["is", "it", "bad"], ["it", "cracks"], ["is", "it", "bad"]])


def test_arpa_is_the_same_each_time_and_counts_its_lines(model):
    first, second = io.StringIO(), io.StringIO()
    write_arpa(model, first)
    write_arpa(estimate([["is", "it", "bad"], ["it", "cracks"], ["is", "it", "bad"]]), second)
    text = first.getvalue()
    assert text == second.getvalue()
    for order in (1, 2, 3):
        head, _, rest = text.partition(f"\\{order}-grams:\n")
        counted = int(head.partition(f"ngram {order}=")[2].split()[0])
        assert len(rest.partition("\n\n")[0].splitlines()) == counted


def test_pocketsphinx_reads_the_arpa_and_agrees(model, tmp_path):
    import pocketsphinx

    path = tmp_path / "model.arpa"
    with path.open("w", encoding="utf-8") as file:
        write_arpa(model, file)
    logarithms = pocketsphinx.LogMath()
    read = pocketsphinx.NGramModel(
        pocketsphinx.Config(lm=None, loglevel="FATAL"), logarithms, str(path)
    )
    for ngram in [("it",), ("is", "it"), ("is", "it", "bad"), ("bad", "cracks"), (START, "is")]:
        theirs = logarithms.exp(read.prob(list(reversed(ngram))))  # it takes the last word first
        assert theirs == pytest.approx(model.probability(ngram), rel=0.01)
