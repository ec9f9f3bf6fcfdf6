from __future__ import annotations

import io

import pytest

from voice.stt.background import load_background, read_heaviest
from voice.stt.language_model import END, START

ARPA = """written by a library
\\data\\
ngram 1=5
ngram 2=4

\\1-grams:
-1.0\t</s>\t0.0
-99.0\t<s>\t-1.3
-0.5\tthe\t-0.9
-0.6\tback\t-0.4
-7.0\tzyzzyva\t0.0

\\2-grams:
-0.5\tthe\tback\t0.0
-0.7\t<s>\tthe\t0.0
-0.1\tzyzzyva\tthe\t0.0
-0.2\tba"""


def test_heaviest_words_and_pairs_are_read_though_the_text_is_cut():
    found = read_heaviest(io.StringIO(ARPA))
    assert found == {
        ("the",): -0.5,
        ("back",): -0.6,
        ("zyzzyva",): -7.0,
        (END,): -1.0,
        ("the", "back"): -0.5,
        (START, "the"): -0.7,
    }


@pytest.mark.parametrize("text", ["", "nonsense", "\\1-grams:\n", ARPA[:62]])
def test_text_that_ends_early_gives_what_it_has(text):
    assert read_heaviest(io.StringIO(text)) == {}


@pytest.mark.slow
def test_background_is_read_from_the_wheel_once(tmp_path):
    file = tmp_path / "background.txt"
    model = load_background(file)
    assert 15_000 < len(model.words) <= 20_000
    assert model.probability(("of", "the")) > model.probability(("of", "of"))
    assert sum(model.probability(("of", word)) for word in (*model.words, END)) == pytest.approx(1)
    file.write_text("-1.0 hello\n-1.0 </s>\n")
    assert load_background(file).words == ["hello"]
