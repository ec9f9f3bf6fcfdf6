"""The skill's interaction model, made from the FAQ: what Alexa must listen for.

Bare questions are values of a slot of its own, which Alexa may find by itself; everything else that
begins as questions do comes as words. Texts are in the form in which the FAQ is matched: lower
case, letters only, numbers as words.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from voice.errors import InputError
from voice.faq import Faq, FaqEntry
from voice.matching.normalize import normalize
from voice.platforms.alexa.invocation import invocation_name
from voice.platforms.alexa.slots import slot_id
from voice.platforms.alexa.wording import SkillWording, skill_wording

MAX_MODEL_BYTES: Final = 1_500_000
MAX_WORDING_CHARS: Final = 140  # of a slot's value and each of its synonyms
SLOT_TYPE: Final = "FAQ_QUESTION"
BUILT_IN: Final = (
    *("AMAZON.HelpIntent", "AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.FallbackIntent"),
    *("AMAZON.NavigateHomeIntent", "AMAZON.RepeatIntent", "AMAZON.YesIntent", "AMAZON.NoIntent"),
    *("AMAZON.NextIntent", "AMAZON.PreviousIntent"),
)

_LATIN: Final = re.compile(r"[a-z\u00df-\u00f6\u00f8-\u024f' ]+")  # what Alexa takes here


def interaction_models(faq: Faq) -> dict[str, dict[str, Any]]:
    """Return the interaction model of an FAQ by locale: its own, or all of its language.

    Raises InputError, naming the entry, for what Alexa would not take.
    """
    wording = skill_wording(faq.locale)
    model = _model(faq, wording)
    own = [locale for locale in wording.locales if locale.lower() == faq.locale.lower()]
    return {locale: model for locale in own or wording.locales}


def as_text(model: dict[str, Any]) -> str:
    """Return a model as the file that Amazon's console takes."""
    return json.dumps(model, ensure_ascii=False, indent=1) + "\n"


def _model(faq: Faq, wording: SkillWording) -> dict[str, Any]:
    values = _values(faq)
    query = {"name": "query", "type": "AMAZON.SearchQuery"}
    question = {"name": "question", "type": SLOT_TYPE}
    intents = [
        {"name": "AskIntent", "slots": [query], "samples": list(wording.samples)},
        {"name": "FaqIntent", "slots": [question], "samples": ["{question}"]},
        *({"name": name, "samples": []} for name in BUILT_IN),
    ]
    language_model = {
        "invocationName": invocation_name(faq, wording),
        "modelConfiguration": {"fallbackIntentSensitivity": {"level": "LOW"}},
        "intents": intents,
        "types": [{"name": SLOT_TYPE, "values": values}],
    }
    model = {"interactionModel": {"languageModel": language_model}}
    size = len(as_text(model).encode())
    if size > MAX_MODEL_BYTES:
        longest = max(faq.entries, key=lambda entry: sum(map(len, entry.phrases)))
        raise InputError(
            f"the model is {size / 1e6:.1f} MB and Alexa takes {MAX_MODEL_BYTES / 1e6:g} MB: "
            f"leave out variants; entry {longest.id} has the most text"
        )
    return model


def _values(faq: Faq) -> list[dict[str, Any]]:
    """Return the entries as values of the slot, each wording in one of them only."""
    owners: dict[str, str] = {}
    values = []
    for entry in faq.entries:
        wordings = _wordings(entry, faq.locale)
        for wording in wordings:
            owner = owners.setdefault(wording, entry.id)
            if owner != entry.id:
                raise InputError(f"entries {owner} and {entry.id} share the wording {wording!r}")
        name = {"value": wordings[0], "synonyms": wordings[1:]}
        values.append({"id": slot_id(entry.id), "name": name})
    return values


def _wordings(entry: FaqEntry, locale: str) -> list[str]:
    """Return an entry's wordings as they are spoken, without those that Alexa would not take."""
    spoken = dict.fromkeys(normalize(phrase, locale) for phrase in entry.phrases)
    usable = [one for one in spoken if len(one) <= MAX_WORDING_CHARS and _LATIN.fullmatch(one)]
    if not usable:
        raise InputError(
            f"entry {entry.id}: Alexa needs a wording of at most {MAX_WORDING_CHARS} characters in "
            "Latin letters; add a variant"
        )
    return usable
