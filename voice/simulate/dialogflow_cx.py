"""Dialogflow CX as seen from a webhook: a telephone call with an agent whose flow calls it."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any, Final

from voice.settings import Settings
from voice.simulate import dialogflow
from voice.simulate.dialogflow import Webhook, check_fields, expect
from voice.simulate.protocol import Heard

trusting_settings = dialogflow.trusting_settings

_RESPONSE: Final = {
    "fulfillmentResponse": dict,
    "pageInfo": dict,
    "sessionInfo": dict,
    "payload": dict,
    "targetPage": str,
    "targetFlow": str,
}
_FULFILLMENT: Final = {"messages": list, "mergeBehavior": str}
_SESSION: Final = {"session": str, "parameters": dict}
_MERGING: Final = ("MERGE_BEHAVIOR_UNSPECIFIED", "APPEND", "REPLACE")
_MESSAGE: Final = {
    "text": dict,
    "outputAudioText": dict,
    "playAudio": dict,
    "liveAgentHandoff": dict,
    "conversationSuccess": dict,
    "telephonyTransferCall": dict,
    "payload": dict,
}
_KEYS: Final = re.compile(r"[0-9*#]")
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{1,14}")


def open_caller(url: str, settings: Settings) -> CxCaller:
    """Return a call to an agent whose webhook is the server at `url`."""
    return CxCaller(Webhook(url, settings))


class CxCaller:
    """One session; it keeps the parameters, as the agent does."""

    def __init__(self, webhook: Webhook) -> None:
        self._webhook = webhook
        self._session = f"projects/p/locations/global/agents/a/sessions/{secrets.token_hex(8)}"
        self.parameters: dict[str, Any] = {}
        self.transferred_to: str | None = None

    def start(self) -> Heard:
        """Call the number; the start page's route has the tag `welcome`."""
        return self._turn("welcome", {"triggerEvent": "WELCOME"})

    def say(self, text: str) -> Heard:
        """Say something, or press a key when the text is one; empty text is silence."""
        if not text:
            return self._turn("faq", {"triggerEvent": "sys.no-input-default"})
        if _KEYS.fullmatch(text):
            return self._turn("faq", {"dtmfDigits": text})
        return self._turn("faq", {"transcript": text})

    def close(self) -> None:
        """Hang up; the agent tells nobody."""

    def _turn(self, tag: str, query: dict[str, str]) -> Heard:
        sent = {
            "detectIntentResponseId": secrets.token_hex(8),
            "languageCode": "en",
            **query,
            "fulfillmentInfo": {"tag": tag},
            "sessionInfo": {"session": self._session, "parameters": self.parameters},
            "payload": {"telephony": {"caller_id": "+15005550006"}},
        }
        received = self._webhook.call(sent)
        messages = _checked_messages(received)
        self._remember(received)
        transfers = [m["telephonyTransferCall"] for m in messages if "telephonyTransferCall" in m]
        for transfer in transfers:
            number = transfer.get("phoneNumber", "")
            expect(_NUMBER.fullmatch(number) is not None, "a transfer to what is no number")
            self.transferred_to = number
        said = [text for message in messages for text in message.get("text", {}).get("text", [])]
        expect(bool(said) and all(said), "it says nothing")
        ended = bool(self.parameters.get("faq_end")) or self.transferred_to is not None
        return Heard(" ".join(said), ended, json.dumps(sent), json.dumps(received))

    def _remember(self, received: dict[str, Any]) -> None:
        session = check_fields(received.get("sessionInfo", {}), _SESSION, "SessionInfo")
        merged = {**self.parameters, **session.get("parameters", {})}
        self.parameters = {name: value for name, value in merged.items() if value is not None}


def _checked_messages(received: dict[str, Any]) -> list[dict[str, Any]]:
    check_fields(received, _RESPONSE, "WebhookResponse")
    response = check_fields(
        received.get("fulfillmentResponse"), _FULFILLMENT, "FulfillmentResponse"
    )
    expect(response.get("mergeBehavior", _MERGING[0]) in _MERGING, "an unknown mergeBehavior")
    messages: list[dict[str, Any]] = response.get("messages", [])
    for message in messages:
        check_fields(message, _MESSAGE, "ResponseMessage")
        expect(len(message) == 1, "a message of two kinds")
        texts = check_fields(message.get("text", {}), {"text": list}, "Text").get("text", [])
        expect(all(isinstance(text, str) for text in texts), "a text that is none")
    return messages
