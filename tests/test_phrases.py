from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from voice import paths
from voice.errors import SetupError
from voice.matching.normalize import normalize
from voice.phrases import CHOICES, COMMANDS, SAY, load_phrases, read_phrases

LANGUAGES = sorted(path.stem for path in paths.shipped("data", "phrases").glob("*.yaml"))


def raw(language: str):
    path = paths.shipped("data", "phrases", f"{language}.yaml")
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def test_english_and_german_are_there():
    assert {"en", "de"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_complete(language):
    phrases = load_phrases(language)

    assert phrases.locale == language
    assert set(phrases.say) == set(SAY)
    assert tuple(phrases.commands) == COMMANDS
    assert tuple(phrases.choices) == CHOICES
    for key, fields in SAY.items():
        assert phrases.say[key].format(**dict.fromkeys(fields, "{x}"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_means_two_things(language):
    phrases = load_phrases(language)
    meanings: dict[str, str] = {}
    for key, wordings in {**phrases.commands, **phrases.choices}.items():
        for wording in wordings:
            said = normalize(wording, language)
            assert said
            assert meanings.setdefault(said, key) == key, wording


@pytest.mark.parametrize("language", LANGUAGES)
def test_wordings_are_lower_case_and_given_once(language):
    wordings = load_phrases(language).spoken_wordings()
    groups = [group for part in ("commands", "choices") for group in raw(language)[part].values()]

    assert all(wording == wording.lower() for wording in wordings)
    assert len(wordings) == len(set(wordings)) == sum(map(len, groups))


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en", "en"), ("en-US", "en"), ("EN-gb", "en"), ("de-AT", "de"), ("de-Latn-DE", "de")],
)
def test_a_region_has_the_phrases_of_its_language(locale, expected, caplog):
    assert load_phrases(locale).locale == expected
    assert caplog.text == ""


@pytest.mark.parametrize("locale", ["fr", "fr-CA", "", "../phrases/de", "x\0"])
def test_a_language_without_phrases_speaks_english_and_says_so(locale, caplog):
    assert load_phrases(locale).locale == "en"
    assert "are English" in caplog.text


def test_the_file_of_a_region_comes_before_its_language(tmp_path):
    text = paths.shipped("data", "phrases", "de.yaml").read_text(encoding="utf-8")
    for name in ("de", "de-CH"):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")

    assert load_phrases("de-CH", tmp_path).locale == "de-CH"
    assert load_phrases("de-AT", tmp_path).locale == "de"


def test_phrases_cannot_be_changed():
    phrases = load_phrases("en")
    with pytest.raises(TypeError):
        phrases.say["greeting"] = "Hi."  # type: ignore[index]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda data: data["say"].pop("help"), r"say: missing \['help'\]"),
        (lambda data: data["say"].update(hello="x"), r"unknown \['hello'\]"),
        (lambda data: data["say"].update(help="Ask me."), r"say.help: must name \['title'\]"),
        (lambda data: data["say"].update(help="{title} {x}"), r"say.help: must name \['title'\]"),
        (lambda data: data["say"].update(help="{title"), "expected '}'"),
        (lambda data: data["say"].update(busy=""), "say.busy: text required"),
        (lambda data: data["commands"].pop("stop"), r"commands: missing \['stop'\]"),
        (lambda data: data["commands"].update(stop=[]), "commands.stop: a list"),
        (lambda data: data["choices"].update(yes=[True]), "choices.yes: every wording"),
        (lambda data: data.pop("choices"), r"the file: missing \['choices'\]"),
    ],
)
def test_a_faulty_file_is_refused_in_one_line(tmp_path: Path, change, fault):
    data = raw("en")
    change(data)
    path = tmp_path / "en.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(data, file)

    with pytest.raises(SetupError, match=fault):
        read_phrases(path)


@pytest.mark.parametrize("content", [b"", b"- a", b"say: [", b"\xff", b"say: 1"])
def test_a_file_that_holds_no_phrases_is_refused_in_one_line(tmp_path: Path, content):
    path = tmp_path / "en.yaml"
    path.write_bytes(content)

    with pytest.raises(SetupError) as caught:
        read_phrases(path)
    assert "en.yaml" in caught.value.message
    assert "\n" not in caught.value.message
