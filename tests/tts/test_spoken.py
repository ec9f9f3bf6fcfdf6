import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from voice import paths
from voice.errors import SetupError
from voice.tts.spoken import speakable
from voice.tts.spoken_table import SpokenTable, load_table, read_table

CASES = YAML(typ="safe", pure=True).load(
    (Path(__file__).parents[1] / "cases" / "speakable.yaml").read_text(encoding="utf-8")
)
TABLES = sorted(file.stem for file in paths.shipped("data", "speech").glob("*.yaml"))
NOT_EVERYWHERE = {"ordinals", "short_after"}  # English dates have no dot
# What has made regular expressions slow: the same sign or pair of signs, thousands of times.
REPEATED = [
    *("*", "_", " ", "\n", "|", "(", "[", "[a", "<a", "-", "- ", "1", "1,", "1-", "a.", "a@", "."),
    *("http://", "www.", "1 ", "+1", "'", "&", "&a", "a/", "$1", "call ", "`", "#", "a-b.", "(0) "),
    *("0/1 ", "1:1 ", ", ", "! ", "5 mg ", "1 - ", "- x\n", "a\n", "\u200d", "e.g.", "x_", "x*"),
]


@pytest.mark.parametrize(("locale", "written", "said"), CASES)
def test_it_is_said_like_this(locale: str, written: str, said: str) -> None:
    assert speakable(written, locale) == said


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


@given(
    st.text(st.characters() | st.sampled_from("0123456789.,:/-()[]*_#|$€%@&<> \n"), max_size=200)
)
def test_any_text_ends_up_on_one_line_without_what_is_only_seen(text: str) -> None:
    said = speakable(text)
    assert said == said.strip()
    assert not re.search(r"[\n\t*“”()\[\]{}|]", said)
    assert not {unicodedata.category(c) for c in said} & {"Cc", "Cs", "Co", "Cn"}
    assert not said or any(map(str.isalnum, said))


@given(st.sampled_from(CASES))
def test_prepared_text_that_is_prepared_again_keeps_its_words(case: tuple[str, str, str]) -> None:
    locale, _, said = case
    assert speakable(said, locale).replace(" ", "") in (said.replace(" ", ""), said[:-1])


@pytest.mark.parametrize("sign", REPEATED)
def test_the_longest_text_of_one_sign_takes_no_time(sign: str) -> None:
    text = f"a{sign * (20_000 // len(sign))}x"
    start = time.process_time()
    speakable(text)
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize("language", TABLES)
def test_each_language_fills_every_table(language: str) -> None:
    table = load_table(language)
    for name in SpokenTable.__dataclass_fields__.keys() - NOT_EVERYWHERE:
        assert getattr(table, name), name
    assert len(table.months) == 12
    assert set(table.words) == set(load_table("en").words)


def test_the_locale_names_the_language() -> None:
    assert load_table("de-AT") is load_table("de_CH") is load_table("DE") is load_table("de")
    assert load_table("xx") is load_table("../en") is load_table("")


@pytest.mark.parametrize("text", ["no_such_table: 1", "- a list", "a: [", ""])
def test_a_faulty_table_is_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "qq.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match=r"\Acannot read qq\.yaml of data/speech: .+\Z"):
        read_table(path)
