from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import voice
from voice import paths
from voice.conversation import Conversation
from voice.dialogue import Dialogue
from voice.errors import SetupError
from voice.faq.readers import read_faq
from voice.matching.matcher import Matcher
from voice.matching.normalize import normalize
from voice.phrases import CHOICES, COMMANDS, SAY, load_phrases, read_phrases
from voice.types import Turn

FIXTURES = Path(__file__).parent / "fixtures"
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


class Marked(dict[str, str]):
    """Phrases that are told from whatever else is said: each is one word, with its fields."""

    def __missing__(self, key: str) -> str:
        return f"<{key}>" + "".join(f"{{{name}}}" for name in sorted(SAY[key]))


def sentences_in(path: Path) -> Iterator[str]:
    """Yield the texts of a module that read like a sentence, but for docstrings and errors."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    passed = {
        id(inner)
        for node in nodes
        if isinstance(node, ast.Raise | ast.Expr)
        for inner in ast.walk(node)
        if isinstance(node, ast.Raise) or isinstance(node.value, ast.Constant)
    }
    for node in nodes:
        text = node.value if isinstance(node, ast.Constant) and id(node) not in passed else None
        if isinstance(text, str) and re.fullmatch(r"\s*[A-ZÄÖÜ]\S*\s.*[.?!]\s*", text, re.DOTALL):
            yield f"{path.name}: {text}"


def test_no_sentence_that_is_said_to_callers_is_left_in_code():
    code = Path(voice.__file__).parent
    # What the owner reads: helps, examinations, descriptions.
    owners = ("cli", "doctor", "models", "settings.py", "server/openapi.py", "server/schemas.py")
    owners += ("server/openapi_v1.py", "server/lan.py", "simulate")
    told = {code / name for name in owners}
    modules = [path for path in code.rglob("*.py") if not told & {path, *path.parents}]
    assert len(modules) > 50
    assert [text for module in modules for text in sentences_in(module)] == []


def test_the_sentences_of_code_would_be_found(tmp_path):
    module = tmp_path / "module.py"
    module.write_text(
        '"""It is fine."""\nraise ValueError("It is wrong.")\nsay = "I do not know that."\n'
    )
    assert list(sentences_in(module)) == ["module.py: I do not know that."]


def test_a_dialogue_says_nothing_but_the_phrases_and_the_faq():
    faq = read_faq(FIXTURES / "faq" / "bibliothek-de.yaml")
    german = load_phrases("de")
    dialogue = Dialogue(faq, replace(german, say=Marked()), Matcher(faq).match)
    written = [faq.greeting, faq.contact.say, faq.title]
    written += [
        text for entry in faq.entries for text in (entry.question, entry.answer, entry.more)
    ]
    parts = sorted(filter(None, [*written, *(f"<{key}>" for key in SAY)]), key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, parts)))
    conversation = Conversation()
    asked = ["", "wann haben Sie geöffnet", "gibt es Führungen", "wie wird das Wetter"]
    for question in asked:
        for wording in german.spoken_wordings():
            for say in (question, wording):
                reply, conversation = dialogue.reply(Turn(say), conversation)
                assert reply.speech
                assert known.sub("", reply.speech).strip() == "", say
    assert known.sub("", dialogue.greet()[0].speech).strip() == ""
