"""FAQs in German and Korean, asked by text: answered, asked back, refused."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from voice.assistant import Assistant
from voice.faq.lint import check_faq
from voice.opening import open_assistant
from voice.settings import Settings
from voice.types import Turn

FAQS = Path(__file__).parent / "fixtures" / "faq"
CASES: dict[str, list[dict[str, Any]]] = YAML(typ="safe").load(
    (Path(__file__).parent / "cases" / "locales.yaml").read_text(encoding="utf-8")
)
ASKED = [
    pytest.param(name, case, id=f"{name}: {case['say']}")
    for name, cases in CASES.items()
    for case in cases
]


@pytest.fixture(scope="module")
def assistants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Assistant]]:
    """Return an assistant, text only, for each FAQ."""
    home = tmp_path_factory.mktemp("home")
    opened = {
        name: open_assistant(Settings(home=home, faq=faq_file(name), stt="off", tts="off"))
        for name in CASES
    }
    yield opened
    for assistant in opened.values():
        assistant.close()


def faq_file(name: str) -> Path:
    return FAQS / f"{name}.yaml"


@pytest.mark.parametrize("name", CASES)
def test_the_faq_has_no_faults_and_all_its_cases_are_asked(name):
    assert check_faq(faq_file(name)) == []
    assert {case["expect"] for case in CASES[name]} >= {"answer", "clarify", "unknown"}


@pytest.mark.parametrize(("name", "case"), ASKED)
def test_what_people_say(assistants, name, case):
    reply = assistants[name].answer(Turn(case["say"]))
    assert reply.status == case["expect"]
    if reply.status == "answer":
        assert reply.answer.entry_id == case["entry"]
    elif reply.status == "clarify":
        assert case["entry"] in [candidate.entry_id for candidate in reply.candidates]


@pytest.mark.parametrize("name", CASES)
def test_every_wording_is_answered(assistants, name):
    for entry in assistants[name].faq.entries:
        for phrase in entry.phrases:
            reply = assistants[name].answer(Turn(phrase))
            assert (reply.status, reply.answer.entry_id) == ("answer", entry.id)


def test_spaces_of_korean_make_no_difference(assistants):
    assistant = assistants["shop-ko"]
    for entry in assistant.faq.entries:
        for phrase in entry.phrases:
            for written in (phrase.replace(" ", ""), " ".join(phrase)):
                reply = assistant.answer(Turn(written))
                assert (reply.status, reply.answer.entry_id) == ("answer", entry.id)


def test_a_german_conversation(assistants):
    """Did you mean, a choice by number, more, repeat, unknown twice, goodbye: all in German."""
    said = [
        ("gibt es Führungen", "clarify", "Meinten Sie eine dieser Fragen? Erstens: "),
        ("wiederholen", "clarify", "Zweitens: "),
        ("die zweite bitte", "answer", "an jedem Werktag"),
        ("wann haben Sie geöffnet", "answer", "Möchten Sie mehr darüber hören?"),
        ("ja bitte", "command", "Am 24. und 31. Dezember"),
        ("noch einmal bitte", "command", "Am 24. und 31. Dezember"),
        ("gibt es Führungen", "clarify", "Erstens: "),
        ("keine von beiden", "unknown", "Bitte fragen Sie mit anderen Worten."),
        ("wie wird das Wetter", "unknown", "Bitte fragen Sie an der Theke"),
        ("stopp", "command", "Auf Wiederhören."),
    ]
    conversation = None
    for say, status, speech in said:
        reply = assistants["bibliothek-de"].answer(Turn(say, conversation=conversation))
        assert (say, reply.status) == (say, status)
        assert speech in reply.speech
        conversation = reply.conversation


def test_korean_has_no_phrases_and_the_log_says_so(make_settings, caplog):
    settings = make_settings(faq=faq_file("shop-ko"), stt="off", tts="off")
    with caplog.at_level(logging.WARNING):
        assistant = open_assistant(settings)
    assert caplog.messages == ["no phrases for ko-KR; the assistant's own phrases are English"]
    assert assistant.answer(Turn("날씨가 어때요")).speech.startswith("I'm sorry")
    assistant.close()
