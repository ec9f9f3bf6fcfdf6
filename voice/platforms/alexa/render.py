"""From a reply to what Alexa says, inside Alexa's limits.

Speech goes as plain text: nothing in it can be taken for markup, and punctuation makes the pauses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from voice.platforms.writing import fit, size
from voice.types import Answer, Reply

# Alexa takes 8,000 characters of speech, as many on the card, and 24 KB in all. Counted in bytes,
# as JSON has them, the parts keep to all three whatever the characters are.
MAX_SPEECH_BYTES: Final = 8_000
MAX_CARD_BYTES: Final = 8_000
MAX_REPROMPT_BYTES: Final = 1_000
MAX_TITLE_BYTES: Final = 2_000


def envelope(
    response: Mapping[str, Any], attributes: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a response as Alexa takes it, with what the session keeps."""
    kept = {"sessionAttributes": attributes} if attributes else {}
    return {"version": "1.0", **kept, "response": response}


def say(reply: Reply, reprompt: str) -> dict[str, Any]:
    """Return a reply with its card; one that leaves the session open has a reprompt.

    `reprompt` is for replies that bring none.
    """
    response: dict[str, Any] = {"outputSpeech": _speech(reply.speech, MAX_SPEECH_BYTES)}
    if reply.answer is not None:
        response["card"] = _card(reply.answer)
    if not reply.end_session:
        asked = _speech(reply.reprompt or reprompt, MAX_REPROMPT_BYTES)
        response["reprompt"] = {"outputSpeech": asked}
    response["shouldEndSession"] = reply.end_session
    return envelope(response, {"conversation": reply.conversation})


def _speech(text: str, max_bytes: int) -> dict[str, str]:
    return {"type": "PlainText", "text": fit(text, max_bytes)}


def _card(answer: Answer) -> dict[str, str]:
    title = fit(answer.question, MAX_TITLE_BYTES)
    return {
        "type": "Simple",
        "title": title,
        "content": fit(answer.text, MAX_CARD_BYTES - size(title)),
    }
