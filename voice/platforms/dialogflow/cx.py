"""Dialogflow CX: WebhookRequest and WebhookResponse of its API version 3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from voice.platforms.dialogflow.common import CALL, CHAT, CONVERSATION, has_caller
from voice.platforms.protocol import Call
from voice.platforms.reading import locale, record, text
from voice.telephone import key_command
from voice.types import Reply, Turn

OFFERED: Final = "faq_offered"  # how many questions the keys choose among
WELCOME: Final = "welcome"  # the tag, and the end of the events' names, that ask for the greeting


@dataclass(frozen=True, slots=True)
class Transfer:
    """Where callers are transferred, and what they hear before."""

    number: str
    speech: str


@dataclass(frozen=True, slots=True)
class CxCall(Call):
    """One call, with where it may be transferred."""

    transfer: Transfer | None = None

    def answer(self, reply: Reply) -> dict[str, Any]:
        """Return the response that gives a reply."""
        if reply.hand_off and self.transfer:
            response = self.say(self.transfer.speech)
            transfer = {"telephonyTransferCall": {"phoneNumber": self.transfer.number}}
            response["fulfillmentResponse"]["messages"].append(transfer)
        else:
            response = self.say(reply.speech)
        return {**response, "sessionInfo": {"parameters": _parameters(reply)}}

    def say(self, speech: str) -> dict[str, Any]:
        """Return the response that says something; the session keeps its parameters."""
        messages = [{"text": {"text": [speech]}}]
        return {"fulfillmentResponse": {"messages": messages, "mergeBehavior": "REPLACE"}}


def parse(body: Mapping[str, Any], transfer: Transfer | None) -> CxCall:
    """Return the call in a WebhookRequest; `transfer` is for telephone calls only."""
    transcript, digits = text(body, "transcript"), text(body, "dtmfDigits")
    said = text(body, "text") or transcript
    parameters = record(body, "sessionInfo", "parameters")
    is_phone = has_caller(body)
    # Nothing at all comes of somebody who was to speak.
    is_call = bool(not said or is_phone or transcript or digits)
    turn = Turn(
        said,
        spoken=is_call,
        conversation=text(parameters, CONVERSATION),
        locale=locale(body, "languageCode"),
        channel=CALL if is_call else CHAT,
        command=_command(body, digits, parameters),
    )
    return CxCall(turn, transfer if is_phone else None)


def _command(body: Mapping[str, Any], digits: str, parameters: Mapping[str, Any]) -> str | None:
    if digits:
        offered = parameters.get(OFFERED)
        # Numbers of a session's parameters may come back as floats.
        return key_command(digits, int(offered) if offered in (1, 2, 3) else 0)
    is_tagged = text(record(body, "fulfillmentInfo"), "tag") == WELCOME
    is_event = text(body, "triggerEvent").casefold().endswith(WELCOME)
    return "start" if is_tagged or is_event else None


def _parameters(reply: Reply) -> dict[str, Any]:
    """Return what the flow can ask for; null takes a parameter out of the session."""
    parameters: dict[str, Any] = {
        CONVERSATION: None if reply.end_session else reply.conversation,
        OFFERED: reply.offered,
        "faq_status": reply.status,
        "faq_found": reply.status != "unknown",
        "faq_end": reply.end_session,
        "faq_hand_off": reply.hand_off,
    }
    if reply.answer:
        parameters["faq_last"] = reply.answer.entry_id
    return parameters
