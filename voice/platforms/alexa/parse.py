"""From a request of Alexa's to a turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from voice.platforms.protocol import Call
from voice.platforms.reading import locale, record, records, text
from voice.types import Channel, Turn

CHANNEL: Final = Channel("alexa", page_chars=600, keeps_open=True)

# Alexa's own intents as the commands they are here. Those that are not named, and FallbackIntent,
# which carries no words, are answered with help.
COMMANDS: Final[Mapping[str, str]] = {
    "AMAZON.CancelIntent": "stop",
    "AMAZON.MoreIntent": "more",
    "AMAZON.NavigateHomeIntent": "stop",
    "AMAZON.NextIntent": "next",
    "AMAZON.NoIntent": "no",
    "AMAZON.PageDownIntent": "next",
    "AMAZON.PageUpIntent": "repeat",
    "AMAZON.PauseIntent": "stop",
    "AMAZON.PreviousIntent": "repeat",
    "AMAZON.RepeatIntent": "repeat",
    "AMAZON.ResumeIntent": "more",
    "AMAZON.ScrollDownIntent": "next",
    "AMAZON.ScrollUpIntent": "repeat",
    "AMAZON.StartOverIntent": "start",
    "AMAZON.StopIntent": "stop",
    "AMAZON.YesIntent": "yes",
}


@dataclass(frozen=True, slots=True)
class AlexaCall(Call):
    """A call of Alexa's; `response` is the answer to one without a turn."""

    response: Mapping[str, Any] = field(default_factory=dict)


def parse(body: Mapping[str, Any], entries: Mapping[str, str]) -> AlexaCall:
    """Return the call in a request's body; `entries` are entry ids by slot value id.

    Types without a turn, unknown ones among them, get an empty response: that is valid for all.
    """
    request = record(body, "request")
    kind = text(request, "type")
    if kind == "CanFulfillIntentRequest":
        return AlexaCall(None, {"canFulfillIntent": {"canFulfill": "NO"}})
    if kind not in ("LaunchRequest", "IntentRequest"):
        return AlexaCall(None)
    turn = Turn(
        "",
        spoken=True,
        conversation=text(record(body, "session", "attributes"), "conversation") or None,
        locale=locale(request, "locale"),
        channel=CHANNEL,
    )
    if kind == "LaunchRequest":
        return AlexaCall(replace(turn, command="start"))
    return AlexaCall(_meant(record(request, "intent"), turn, entries))


def _meant(intent: Mapping[str, Any], turn: Turn, entries: Mapping[str, str]) -> Turn:
    """Return the turn with what an intent, of our interaction model or of another, means."""
    command = COMMANDS.get(text(intent, "name"))
    if command is not None:
        return replace(turn, command=command)
    slots = records(list(record(intent, "slots").values()))
    words = " ".join(filter(None, map(_slot_text, slots)))
    ids = [found for slot in slots for found in _resolved(slot) if found in entries]
    if ids:
        return replace(turn, text=words, entry_id=entries[ids[0]])
    return replace(turn, text=words) if words else replace(turn, command="help")


def _slot_text(slot: Mapping[str, Any]) -> str:
    value = record(slot, "slotValue")
    return text(slot, "value") or text(value, "value") or text(value, "interpretedValue")


def _resolved(slot: Mapping[str, Any]) -> list[str]:
    """Return the ids of the slot values that Alexa found, best first."""
    authorities = records(record(slot, "resolutions").get("resolutionsPerAuthority"))
    return [
        text(record(value, "value"), "id")
        for authority in authorities
        if text(record(authority, "status"), "code") == "ER_SUCCESS_MATCH"
        for value in records(authority.get("values"))[:1]
    ]
