import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import CONVERTER_CLASSES
from ruamel.yaml import YAML

from voice.matching.normalize import fold, normalize

CASES = Path(__file__).parent.parent / "cases" / "normalize.yaml"
TABLE = [
    (locale, text, expected)
    for locale, pairs in YAML(typ="safe").load(CASES).items()
    for text, expected in pairs
]
# Pieces that interact: whatever stands next to what, the result must be final.
WORDS = """don't can't n't 'd 'm 've gimme ok is um 1st 5 $ € 3.50 10:00 5-10 % a.m. U.S.A. ½ ² é E
    ß İ Σ ﬁ ① ª क् हि か ท ำ 음 가 ᄀ ᅡ ㄱ ₩"""
PIECES = st.sampled_from(
    WORDS.split() + [" ", "-", ",", ".", "'", "’", "\u200d", "\u0301", "\u3099", "\ud800", "\x00"]
)
TEXTS = st.one_of(
    st.text(st.characters(codec=None)),
    st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join),
)


@pytest.mark.parametrize(("locale", "text", "expected"), TABLE)
def test_one_liners(locale, text, expected):
    assert normalize(text, locale) == expected


@pytest.mark.parametrize("locale", ["en", "de", "fr", "ja", "ko", "hi", "xx"])
@settings(deadline=None)
@given(text=TEXTS)
def test_twice_is_once(locale, text):
    once = normalize(text, locale)
    assert normalize(once, locale) == once
    assert once == once.strip()
    once.encode("utf-8")
    assert fold(fold(once)) == fold(once)


@pytest.mark.parametrize("language", sorted({name[:2] for name in CONVERTER_CLASSES}))
def test_numbers_of_every_language_end_and_stay(language):
    for text in ("0", "7", "1100", "999999999", "3.5", "3,5", "1.000.000", "9" * 60):
        once = normalize(text, language)
        assert once
        assert normalize(once, language) == once


@pytest.mark.parametrize(
    ("text", "folded"),
    [("rücken café", "rucken cafe"), ("straße", "strasse"), ("ὁδός", "οδοσ"), ("й", "и")],
)
def test_fold_takes_accents_off_letters(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["हिन्दी", "がぎ", "กำลัง", "plain"])
def test_fold_leaves_marks_that_are_no_accents(text):
    assert fold(text) == text


@pytest.mark.parametrize("piece", ["5", "5.", "1,", "a.", "'", "-", "5-", "$", "é\u0301", "10:00 "])
def test_long_texts_take_linear_time(piece):
    started = time.perf_counter()
    normalize(piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 4.0
