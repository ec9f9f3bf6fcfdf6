"""Dialogflow ES: WebhookRequest and WebhookResponse of its API version 2."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from voice.platforms.dialogflow.common import CALL, CHAT, CONVERSATION, has_caller
from voice.platforms.protocol import Call
from voice.platforms.reading import locale, record, text
from voice.platforms.writing import fit
from voice.types import Reply, Turn

CONTEXT: Final = "faq"
LIFESPAN_TURNS: Final = 5
# Of the 64 KiB that Dialogflow reads; the conversation and the rest take a few.
MAX_SPEECH_BYTES: Final = 48 << 10

_WELCOME_ACTION: Final = "input.welcome"  # of the intent that every new agent has
_WELCOME_EVENT: Final = re.compile(r"([A-Z]+_)*WELCOME")  # some integrations send it as the text


@dataclass(frozen=True, slots=True)
class EsCall(Call):
    """One call, with what its response must name."""

    session: str = ""
    conversation: str = ""

    def answer(self, reply: Reply) -> dict[str, Any]:
        """Return the response that gives a reply."""
        told = {
            "status": reply.status,
            "entry": reply.answer.entry_id if reply.answer else None,
            "end": reply.end_session,
            "hand_off": reply.hand_off,
        }
        turns = 0 if reply.end_session else LIFESPAN_TURNS  # 0 ends a context
        response = self._response(reply.speech, reply.conversation, turns)
        return {**response, "payload": {"faq": told}}

    def say(self, speech: str) -> dict[str, Any]:
        """Return the response that says something and leaves the conversation as it is."""
        return self._response(speech, self.conversation, LIFESPAN_TURNS)

    def _response(self, speech: str, conversation: str, turns: int) -> dict[str, Any]:
        response: dict[str, Any] = {"fulfillmentText": fit(speech, MAX_SPEECH_BYTES)}
        if self.session and conversation:
            context = {
                "name": f"{self.session}/contexts/{CONTEXT}",
                "lifespanCount": turns,
                "parameters": {CONVERSATION: conversation},
            }
            response["outputContexts"] = [context]
        return response


def is_es(body: Mapping[str, Any]) -> bool:
    """Return whether a body has the form of ES rather than of CX."""
    return "queryResult" in body


def parse(body: Mapping[str, Any]) -> EsCall:
    """Return the call in a WebhookRequest."""
    result = record(body, "queryResult")
    request = record(body, "originalDetectIntentRequest")
    said = text(result, "queryText")
    is_welcome = text(result, "action") == _WELCOME_ACTION or _WELCOME_EVENT.fullmatch(said)
    # Nothing at all comes of somebody who was to speak.
    is_call = not said or has_caller(request) or text(request, "source") == "GOOGLE_TELEPHONY"
    conversation = _conversation(result)
    turn = Turn(
        said,
        spoken=is_call,
        conversation=conversation,
        locale=locale(result, "languageCode"),
        channel=CALL if is_call else CHAT,
        command="start" if is_welcome else None,
    )
    return EsCall(turn, text(body, "session"), conversation)


def _conversation(result: Mapping[str, Any]) -> str:
    contexts = result.get("outputContexts")
    for context in contexts if isinstance(contexts, list) else ():
        if text(record(context), "name").endswith(f"/contexts/{CONTEXT}"):
            return text(record(context, "parameters"), CONVERSATION)
    return ""
