import pytest

from voice.matching.normalize import normalize
from voice.matching.wording import language_of, load_wording
from voice.paths import shipped

LANGUAGES = sorted(path.stem for path in shipped("data", "normalize").glob("*.yaml"))


@pytest.mark.parametrize(
    ("locale", "language"),
    [("en", "en"), ("en-GB", "en"), ("de_AT", "de"), ("DE", "de"), ("zh-Hant-TW", "zh")]
    + [(locale, "") for locale in ("", "..", "../en", "e", "english", "1", "-", "en/x")],
)
def test_language_of(locale, language):
    assert language_of(locale) == language


def test_there_are_tables():
    assert {"en", "de", "hi", "ja"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_table_says_is_final(language):
    """Words that a table puts in are not changed by the table again."""
    wording = load_wording(language)
    said = [*wording.words.values(), *wording.endings.values(), *wording.signs.values()]
    said += [name for names in wording.currencies.values() for name in names]
    said += [wording.range, wording.point]
    for text in said:
        assert normalize(text, language) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_light_words_and_keys_are_spelled_as_they_are_compared(language):
    wording = load_wording(language)
    for word in wording.light | wording.fillers:
        assert normalize(word, language) == word
    for word in wording.words:
        assert word == word.strip("'").lower()


def test_a_language_without_a_table_has_the_defaults():
    assert not load_wording("xx").light
    assert load_wording("xx").language == "xx"
