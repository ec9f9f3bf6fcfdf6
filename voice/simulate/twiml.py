"""Read TwiML as strictly as Twilio does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree

from voice.errors import EngineError

MAX_BYTES: Final = 64_000
MAX_SAY_CHARS: Final = 3000  # the least of its voices
MAX_URL_CHARS: Final = 4000
MAX_HINT_CHARS: Final = 100
MAX_HINTS: Final = 500

_LANGUAGE: Final = r"[a-z]{2,3}(-[A-Z][a-z]{3})?-([A-Z]{2}|[0-9]{3})"
_SECONDS: Final = r"[1-9][0-9]{0,2}"
_URL: Final = r"https?://\S+"
# The verbs there are, with the attributes that we use and their values.
_VERBS: Final[Mapping[str, Mapping[str, str]]] = {
    "Say": {"language": _LANGUAGE},
    "Play": {},
    "Pause": {"length": _SECONDS},
    "Hangup": {},
    "Redirect": {"method": "POST|GET"},
    "Dial": {"action": _URL, "method": "POST|GET", "timeout": _SECONDS},
    "Gather": {
        "input": "(speech|dtmf)( dtmf)?",
        "action": _URL,
        "method": "POST|GET",
        "language": _LANGUAGE,
        "hints": r"(?s).*",
        "timeout": _SECONDS,
        "speechTimeout": _SECONDS,  # "auto" goes with some models only
        "numDigits": _SECONDS,
        "actionOnEmptyResult": "true|false",
    },
}
_NESTED: Final = ("Say", "Play", "Pause")  # in a Gather
_NUMBER: Final = re.compile(r"\+?[0-9]{3,15}")


def read_twiml(data: bytes) -> list[ElementTree.Element]:
    """Return the verbs of a document; raises EngineError for what Twilio would not take."""
    expect(len(data) <= MAX_BYTES, "it is larger than 64 kB")
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise EngineError(f"Twilio would not take this answer: {error}") from None
    expect(root.tag == "Response" and not root.attrib, "it is no Response")
    for verb in root:
        _check(verb, tuple(_VERBS))
        for nested in verb:
            expect(verb.tag == "Gather", f"something is nested in {verb.tag}")
            _check(nested, _NESTED)
            expect(len(nested) == 0, f"something is nested in {nested.tag}")
    return list(root)


def expect(is_right: bool, fault: str) -> None:
    """Raise EngineError with the fault unless all is right."""
    if not is_right:
        raise EngineError(f"Twilio would not take this answer: {fault}")


def _check(verb: ElementTree.Element, allowed: tuple[str, ...]) -> None:
    expect(verb.tag in allowed, f"{verb.tag} does not belong there")
    for name, value in verb.attrib.items():
        pattern = _VERBS[verb.tag].get(name)
        is_right = pattern is not None and re.fullmatch(pattern, value) is not None
        expect(is_right, f"{verb.tag} has {name}={value[:50]!r}")
    text = verb.text or ""
    addresses = [verb.get("action", ""), text if verb.tag in ("Play", "Redirect") else ""]
    expect(max(map(len, addresses)) <= MAX_URL_CHARS, f"{verb.tag} has too long an address")
    if verb.tag == "Say":
        expect(0 < len(text.strip()) <= MAX_SAY_CHARS, "a Say without text or with too much")
    elif verb.tag == "Dial":
        expect(_NUMBER.fullmatch(text) is not None, "a Dial to what is no number")
    hints = verb.get("hints", "").split(",")
    expect(len(hints) <= MAX_HINTS and max(map(len, hints)) <= MAX_HINT_CHARS + 1, "bad hints")
