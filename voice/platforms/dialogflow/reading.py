"""Read what both editions of Dialogflow send; what is not as it should be counts as not sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from voice.types import SPOKEN_PAGE_CHARS, Channel

# Calls are answered in pieces that can be held by ear; a chat shows all of an answer.
CALL: Final = Channel("dialogflow", page_chars=SPOKEN_PAGE_CHARS, keeps_open=True)
CHAT: Final = Channel("dialogflow")

# Where the conversation travels: a parameter of an ES context and of a CX session.
CONVERSATION: Final = "faq_conversation"
MAX_TEXT_CHARS: Final = 20_000

_LOCALE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}")


def record(value: Any, *path: str) -> Mapping[str, Any]:
    """Return the object that the path leads to, an empty one where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def text(value: Mapping[str, Any], name: str) -> str:
    """Return a field's text, "" without one; halves of characters are replaced."""
    found = value.get(name)
    if not isinstance(found, str):
        return ""
    return found[:MAX_TEXT_CHARS].encode("utf-8", "replace").decode()


def locale(value: Mapping[str, Any]) -> str | None:
    """Return the language tag in a `languageCode`."""
    tag = text(value, "languageCode")
    return tag if _LOCALE.fullmatch(tag) else None


def has_caller(value: Any) -> bool:
    """Return whether a payload, as the integrations send it, is a telephone call's."""
    return isinstance(record(value, "payload").get("telephony"), dict)
