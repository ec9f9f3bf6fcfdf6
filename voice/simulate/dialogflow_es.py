"""Dialogflow ES as seen from a webhook: a text chat with an agent whose intents call it."""

from __future__ import annotations

import json
import secrets
from typing import Any, Final

from voice.settings import Settings
from voice.simulate import dialogflow
from voice.simulate.dialogflow import Webhook, check_fields, expect
from voice.simulate.protocol import Heard

trusting_settings = dialogflow.trusting_settings

_RESPONSE: Final = {
    "fulfillmentText": str,
    "fulfillmentMessages": list,
    "source": str,
    "payload": dict,
    "outputContexts": list,
    "followupEventInput": dict,
    "sessionEntityTypes": list,
}
_CONTEXT: Final = {"name": str, "lifespanCount": int, "parameters": dict}


def open_caller(url: str, settings: Settings) -> EsCaller:
    """Return a chat with an agent whose webhook is the server at `url`."""
    return EsCaller(Webhook(url, settings))


class EsCaller:
    """One session; it keeps the contexts, as the agent does."""

    def __init__(self, webhook: Webhook) -> None:
        self._webhook = webhook
        self._session = f"projects/simulated/agent/sessions/{secrets.token_hex(8)}"
        self._contexts: list[dict[str, Any]] = []

    def start(self) -> Heard:
        """Send the event that opens a conversation."""
        return self._turn("WELCOME", "input.welcome", "Default Welcome Intent")

    def say(self, text: str) -> Heard:
        """Type something; the agent's fallback intent passes it on."""
        return self._turn(text, "input.unknown", "Default Fallback Intent")

    def close(self) -> None:
        """Leave; the agent tells nobody."""

    def _turn(self, text: str, action: str, intent: str) -> Heard:
        sent = {
            "responseId": secrets.token_hex(8),
            "session": self._session,
            "queryResult": {
                "queryText": text,
                "languageCode": "en",
                "action": action,
                "parameters": {},
                "allRequiredParamsPresent": True,
                "outputContexts": self._contexts,
                "intent": {"displayName": intent, "isFallback": action == "input.unknown"},
                "intentDetectionConfidence": 1,
            },
            "originalDetectIntentRequest": {"source": "DIALOGFLOW_CONSOLE", "payload": {}},
        }
        received = self._webhook.call(sent)
        self._check(received)
        self._remember(received.get("outputContexts", []))
        ended = received.get("payload", {}).get("faq", {}).get("end", False)
        speech = received["fulfillmentText"]
        return Heard(speech, ended, json.dumps(sent), json.dumps(received))

    def _check(self, received: dict[str, Any]) -> None:
        check_fields(received, _RESPONSE, "WebhookResponse")
        expect(bool(received.get("fulfillmentText")), "it says nothing")
        for context in received.get("outputContexts", []):
            check_fields(context, _CONTEXT, "Context")
            name = context.get("name", "")
            expect(name.startswith(f"{self._session}/contexts/"), "a context of another session")

    def _remember(self, contexts: list[dict[str, Any]]) -> None:
        """Let every context age by a turn, and put the new ones in their places."""
        aged = [{**one, "lifespanCount": one["lifespanCount"] - 1} for one in self._contexts]
        named = {one["name"]: one for one in (*aged, *contexts)}
        self._contexts = [one for one in named.values() if one["lifespanCount"] > 0]
