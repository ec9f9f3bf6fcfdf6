"""How Alexa understands an utterance with the skill's interaction model, near enough for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from voice.faq import Faq
from voice.matching.normalize import normalize
from voice.phrases import load_phrases
from voice.platforms.alexa.slots import slot_id

AUTHORITY: Final = "amzn1.er-authority.echo-sdk.test.FAQ_QUESTION"
# The built-in intents for the wordings of our own commands and choices.
INTENTS: Final[Mapping[str, str]] = {
    "stop": "AMAZON.StopIntent",
    "goodbye": "AMAZON.StopIntent",
    "help": "AMAZON.HelpIntent",
    "repeat": "AMAZON.RepeatIntent",
    "yes": "AMAZON.YesIntent",
    "no": "AMAZON.NoIntent",
}


class Listening:
    """Map utterances to intents: built in, a question of the FAQ, or words for AskIntent."""

    def __init__(self, faq: Faq) -> None:
        self.locale = faq.locale
        phrases = load_phrases(faq.locale)
        self._built_in = {
            self._key(wording): INTENTS[name]
            for name, wordings in (*phrases.commands.items(), *phrases.choices.items())
            for wording in wordings
            if name in INTENTS
        }
        self._questions = {
            self._key(phrase): entry for entry in faq.entries for phrase in entry.phrases
        }

    def intent(self, text: str) -> dict[str, Any]:
        """Return the intent of an utterance, with its slots as Alexa fills them."""
        key = self._key(text)
        if key in self._built_in:
            return _intent(self._built_in[key], {})
        entry = self._questions.get(key)
        if entry is None:
            return _intent("AskIntent", {"query": {"name": "query", "value": text}})
        named = {"name": entry.question, "id": slot_id(entry.id)}
        found = {
            "authority": AUTHORITY,
            "status": {"code": "ER_SUCCESS_MATCH"},
            "values": [{"value": named}],
        }
        slot = {"name": "question", "value": text, "resolutions": _resolutions(found)}
        return _intent("FaqIntent", {"question": slot})

    def _key(self, text: str) -> str:
        return normalize(text, self.locale)


def _resolutions(*authorities: Mapping[str, Any]) -> dict[str, Any]:
    return {"resolutionsPerAuthority": list(authorities)}


def _intent(name: str, slots: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "confirmationStatus": "NONE", "slots": dict(slots)}
