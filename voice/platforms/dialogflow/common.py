"""What both editions of Dialogflow have in common."""

from __future__ import annotations

from typing import Any, Final

from voice.platforms.reading import record
from voice.types import SPOKEN_PAGE_CHARS, Channel

# Calls are answered in pieces that can be held by ear; a chat shows all of an answer.
CALL: Final = Channel("dialogflow", page_chars=SPOKEN_PAGE_CHARS, keeps_open=True)
CHAT: Final = Channel("dialogflow")

# Where the conversation travels: a parameter of an ES context and of a CX session.
CONVERSATION: Final = "faq_conversation"


def has_caller(value: Any) -> bool:
    """Return whether a payload, as the integrations send it, is a telephone call's."""
    return isinstance(record(value, "payload").get("telephony"), dict)
