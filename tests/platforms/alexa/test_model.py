"""The interaction model keeps to everything that Amazon's console asks for."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from voice.errors import InputError
from voice.faq import Faq
from voice.matching.normalize import normalize
from voice.platforms.alexa import model as model_module
from voice.platforms.alexa.model import as_text, interaction_models
from voice.platforms.alexa.parse import COMMANDS
from voice.platforms.alexa.slots import entries_by_slot_id
from voice.platforms.alexa.wording import FOLDER, skill_wording

LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
NAMES = {"en": "acme help desk", "de": "acme hilfe"}


def _faq(*entries: dict[str, Any], locale: str = "en-US", name: Any = None) -> Faq:
    given = name or NAMES[locale[:2]]
    return Faq.model_validate(
        {
            "title": "Acme",
            "locale": locale,
            "platforms": {"alexa": {"invocation_name": given}},
            "entries": entries or [{"question": "Why?", "answer": "So."}],
        }
    )


def _language_model(faq: Faq) -> dict[str, Any]:
    model = next(iter(interaction_models(faq).values()))
    language_model = model["interactionModel"]["languageModel"]
    assert isinstance(language_model, dict)
    return language_model


def _values(faq: Faq) -> dict[str, list[str]]:
    """Return the wordings by slot value id."""
    (slot_type,) = _language_model(faq)["types"]
    return {
        value["id"]: [value["name"]["value"], *value["name"]["synonyms"]]
        for value in slot_type["values"]
    }


def test_questions_become_values_of_a_slot() -> None:
    faq = _faq(
        {
            "id": "hours",
            "question": "When are you open (24/7)?",
            "variants": [
                "When do you open, please?",
                "WHEN ARE YOU OPEN 24/7",
                "Open at 8:30 a.m.?",
            ],
            "answer": "Always.",
        },
        {"id": "Öfen & Brot", "question": "What does bread cost?", "answer": "$3."},
    )
    values = _values(faq)
    assert values["hours"][0] == "when are you open twenty four seven"
    assert len(values["hours"]) == 3
    assert set(values) == set(entries_by_slot_id(faq))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_model_is_as_the_console_wants_it(language: str) -> None:
    model = _language_model(_faq(locale=language))
    assert model["invocationName"] == NAMES[language]
    names = [intent["name"] for intent in model["intents"]]
    assert len(names) == len(set(names)) <= 250
    assert len(names) + len(model["types"]) <= 350
    required = {"HelpIntent", "StopIntent", "CancelIntent", "NavigateHomeIntent", "FallbackIntent"}
    assert {f"AMAZON.{name}" for name in required} <= set(names)
    known = {*COMMANDS, "AMAZON.HelpIntent", "AMAZON.FallbackIntent", "AskIntent", "FaqIntent"}
    assert set(names) <= known
    samples = [sample for intent in model["intents"] for sample in intent.get("samples", [])]
    assert len(samples) == len(set(map(normalize, samples)))
    for sample in samples:
        assert re.fullmatch(r"[a-zäöüß' ]*\{(query|question)\}", sample), sample


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_asked_for_with_a_carrier_phrase(language: str) -> None:
    wording = skill_wording(language)
    for sample in wording.samples:
        carrier = sample.removesuffix(" {query}")
        assert carrier != sample
        assert "{" not in carrier
        assert not set(carrier.split()) & {*wording.launch, "alexa", "amazon", "echo"}


def test_one_file_for_each_locale_of_the_language() -> None:
    assert set(interaction_models(_faq(locale="en-US"))) == {"en-US"}
    assert set(interaction_models(_faq(locale="en-gb"))) == {"en-GB"}
    all_of_english = {"en-US", "en-AU", "en-CA", "en-GB", "en-IN"}
    assert set(interaction_models(_faq(locale="en"))) == all_of_english
    assert set(interaction_models(_faq(locale="de-AT"))) == {"de-DE"}


def test_a_language_without_wording_is_refused() -> None:
    with pytest.raises(InputError, match=r"fr-FR.*de, en"):
        interaction_models(_faq(locale="fr-FR", name="aide acme"))


def test_the_same_faq_gives_the_same_model() -> None:
    faq = _faq()
    assert as_text(interaction_models(faq)["en-US"]) == as_text(interaction_models(faq)["en-US"])
    assert json.loads(as_text(interaction_models(faq)["en-US"]))


# --- refusals ------------------------------------------------------------------------------------


def test_wordings_that_alexa_would_not_take_are_left_out_or_the_entry_is_named() -> None:
    long = "why " * 40
    entry = {"id": "story", "question": long, "answer": "So.", "variants": ["why so", "почему"]}
    assert _values(_faq(entry)) == {"story": ["why so"]}
    for variants in ([], ["почему", "为什么"]):
        with pytest.raises(InputError, match="entry story: .* 140"):
            interaction_models(_faq({**entry, "variants": variants}))
    just = "a" * 140
    assert _values(_faq({**entry, "question": just, "variants": []})) == {"story": [just]}


def test_one_wording_in_two_entries_is_refused_with_both() -> None:
    first = {"id": "one", "question": "Is it 2 euros?", "answer": "Yes."}
    second = {"id": "two", "question": "Why?", "variants": ["is it two euros"], "answer": "No."}
    with pytest.raises(InputError, match="entries one and two"):
        interaction_models(_faq(first, second))


def test_a_model_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [{"id": f"e{n}", "question": f"Number {n}?", "answer": "So."} for n in range(90)]
    entries[7]["question"] += " Or another one?"
    assert interaction_models(_faq(*entries))
    monkeypatch.setattr(model_module, "MAX_MODEL_BYTES", 10_000)
    with pytest.raises(InputError, match=r"takes 0\.01 MB.*entry e7"):
        interaction_models(_faq(*entries))


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ([1], "is missing"),
        ("acme", "two words"),
        ("Acme Help Desk", "lower case"),
        ("acme desk 24", "spelled out"),
        ("acme  desk", "single spaces"),
        (" acme desk", "single spaces"),
        ("acme-help desk", "letters"),
        ("acme help!", "letters"),
        ("acme desk ab.", "letters"),
        ("ask acme desk", "'ask'"),
        ("acme and sons", "'and'"),
        ("acme talk to us", "'talk to'"),
        ("alexa help desk", "'alexa'"),
        ("acme help app", "'app'"),
        ("the desk", "article"),
        ("at home", "article"),
        ("a" * 30 + " " + "b" * 20, "50 characters"),
        ("x", "2 to 50"),
        ("acme\ndesk", "letters"),
    ],
)
def test_invocation_names_that_amazon_refuses(name: Any, fault: str) -> None:
    with pytest.raises(InputError, match=rf"platforms\.alexa\.invocation_name .*{fault}"):
        interaction_models(_faq(name=name))


@pytest.mark.parametrize(
    "name",
    ["acme desk", "acme's help", "a. b. c. help", "the acme desk", "bäcker müller", "boss' desk"],
)
def test_invocation_names_that_amazon_takes(name: str) -> None:
    assert _language_model(_faq(name=name))["invocationName"] == name


def test_without_a_name_the_faq_is_told_how_to_have_one() -> None:
    faq = Faq.model_validate(
        {"title": "A", "locale": "en", "entries": [{"question": "Why?", "answer": "So."}]}
    )
    with pytest.raises(InputError, match="is missing in the FAQ"):
        interaction_models(faq)
