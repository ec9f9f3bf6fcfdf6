"""Read a skill's answer as strictly as Alexa does: what it would not speak is an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from voice.errors import EngineError, InputError
from voice.strict_json import parse_object

MAX_RESPONSE_BYTES: Final = 24_000
MAX_CHARS: Final = 8_000  # of the speech, and of all text of the card; counted as UTF-16

# The fields of a response, and their types.
_RESPONSE: Final[Mapping[str, type]] = {
    "outputSpeech": dict,
    "card": dict,
    "reprompt": dict,
    "shouldEndSession": bool,
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer that Alexa takes."""

    speech: str
    reprompt: str
    ends: bool
    attributes: Mapping[str, Any]


def accepted(received: bytes) -> Accepted:
    """Return what an answer to a launch or an intent says; raises EngineError."""
    body = _body(received)
    attributes = body.get("sessionAttributes", {})
    _expect(isinstance(attributes, dict), "sessionAttributes is no object")
    response = _fields(body.get("response"), _RESPONSE, "response")
    speech = _speech(response.get("outputSpeech"))
    ends = response.get("shouldEndSession")
    _expect(ends is not None, "shouldEndSession is missing")
    _expect(("reprompt" in response) != ends, "the session is open just when there is a reprompt")
    reprompt = ""
    if not ends:
        asked = _fields(response["reprompt"], {"outputSpeech": dict}, "reprompt")
        reprompt = _speech(asked.get("outputSpeech"))
    if "card" in response:
        _check_card(response["card"])
    return Accepted(speech, reprompt, bool(ends), attributes)


def accepted_end(received: bytes) -> None:
    """Check the answer to a session's end: nothing may be said; raises EngineError."""
    _expect(_body(received).get("response") == {}, "a session that has ended cannot be spoken to")


def _body(received: bytes) -> dict[str, Any]:
    _expect(len(received) <= MAX_RESPONSE_BYTES, "it is larger than 24 KB")
    try:
        body = parse_object(received)
    except InputError as error:
        raise _error(error.message) from None
    fields = {"version": str, "sessionAttributes": dict, "response": dict}
    _fields(body, fields, "the answer")
    _expect(body.get("version") == "1.0", "version is not 1.0")
    return body


def _speech(value: Any) -> str:
    fields = _fields(value, {"type": str, "text": str}, "outputSpeech")
    _expect(fields.get("type") == "PlainText", "speech that is not plain text")
    text = str(fields.get("text", ""))
    _expect(bool(text.strip()), "nothing is said")
    _expect(_chars(text) <= MAX_CHARS, f"more than {MAX_CHARS} characters are said")
    return text


def _check_card(value: Any) -> None:
    card = _fields(value, {"type": str, "title": str, "content": str}, "card")
    _expect(card.get("type") == "Simple", "the card is not simple")
    text = card.get("title", "") + card.get("content", "")
    _expect(0 < _chars(text) <= MAX_CHARS, f"the card is empty or over {MAX_CHARS} characters")


def _fields(value: Any, types: Mapping[str, type], name: str) -> dict[str, Any]:
    _expect(isinstance(value, dict), f"{name} is no object")
    for field, content in value.items():
        _expect(field in types, f"{name} has a field {field}")
        _expect(isinstance(content, types[field]), f"{name}.{field} is no {types[field].__name__}")
    return dict(value)


def _chars(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _expect(is_right: bool, fault: str) -> None:
    if not is_right:
        raise _error(fault)


def _error(fault: str) -> EngineError:
    return EngineError(f"Alexa would not take this answer: {fault}")
