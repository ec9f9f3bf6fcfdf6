from __future__ import annotations

import os
import time

import pytest

from voice.errors import InputError
from voice.stt.sphinx_files import DICTIONARY, LANGUAGE_MODEL, prepare

PHRASES = ["Does laying down decompress your spine?", "What's a zygapophyseal joint?", "the NKVZ"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    return prepare(PHRASES, "faq", cache)


def entries(folder):
    lines = (folder / DICTIONARY).read_text(encoding="utf-8").splitlines()
    return {word: said for word, _, said in (line.partition(" ") for line in lines)}


def test_both_files_are_there_and_nothing_else(made):
    assert {path.name for path in made.iterdir()} == {LANGUAGE_MODEL, DICTIONARY}
    assert {path.name for path in made.parent.iterdir()} == {made.name}


def test_words_the_dictionary_lacks_get_pronunciations(made):
    found = entries(made)
    assert found["decompress"] == "D IY K AH M P R EH S"
    assert "Z" in found["zygapophyseal"].split()
    assert found["spine"] == "S P AY N"  # of the wheel's own dictionary


def test_acronym_may_be_said_letter_by_letter(made):
    assert "EH NG K EY V IY Z IY" in [
        said for word, said in entries(made).items() if "nkvz" in word
    ]


def test_same_wording_is_made_once(made):
    stamp = (made / LANGUAGE_MODEL).stat().st_mtime_ns
    assert prepare(list(PHRASES), "faq", made.parent) == made
    assert (made / LANGUAGE_MODEL).stat().st_mtime_ns == stamp


def test_other_wording_is_another_folder(made):
    assert prepare([*PHRASES, "one more"], "faq", made.parent) != made


def test_old_ones_are_forgotten(tmp_path):
    for number in range(40):
        old = tmp_path / f"old-{number}"
        old.mkdir()
        os.utime(old, (number, number))
    new = prepare(["stop"], "faq", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [new.name, *(f"old-{number}" for number in range(9, 40))]
    )


def test_no_english_wording_is_refused(tmp_path):
    with pytest.raises(InputError, match="English letters"):
        prepare(["你好", ""], "faq", tmp_path)


@pytest.mark.parametrize("phrases", [["\0", "a\ud800b"], ["<s> </s> <sil>"], ["\\data\\ ngram 1="]])
def test_strange_characters_harm_nothing(tmp_path, phrases):
    folder = prepare([*phrases, "stop"], "faq", tmp_path)
    assert "stop" in entries(folder)
    decoder_for(folder)


def decoder_for(folder):
    from voice.stt.pocketsphinx_child import open_service

    return open_service(str(folder / LANGUAGE_MODEL), str(folder / DICTIONARY))


@pytest.mark.slow
def test_hundred_thousand_phrases_are_made_in_bounded_time(tmp_path):
    started = time.perf_counter()
    words = ("open", "close", "ticket", "museum", "parking", "breakfast", "refund", "doctor")
    phrases = [
        f"where is the {words[number % 8]} {words[number // 8 % 8]} number {number}"
        for number in range(100_000)
    ]
    decoder_for(prepare(phrases, "faq", tmp_path))
    assert time.perf_counter() - started < 120
