"""From a reply to what Alexa says, inside Alexa's limits.

Speech goes as plain text: nothing in it can be taken for markup, and punctuation makes the pauses.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any, Final

from voice.types import Answer, Reply

# Alexa takes 8,000 characters of speech, as many on the card, and 24 KB in all. Counted in bytes,
# as JSON has them, the parts keep to all three whatever the characters are.
MAX_SPEECH_BYTES: Final = 8_000
MAX_CARD_BYTES: Final = 8_000
MAX_REPROMPT_BYTES: Final = 1_000
MAX_TITLE_BYTES: Final = 2_000

_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML
_SENTENCE_END: Final = re.compile(r"[.!?…؟।][\"'”’»)\]]*(?=\s)|[。！？]")


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
        "content": fit(answer.text, MAX_CARD_BYTES - _size(title)),
    }


def fit(text: str, max_bytes: int) -> str:
    """Return text without what no XML may hold, cut at the end of a sentence if it is too long.

    Where no sentence ends, it is cut between words; where there are none, anywhere.
    """
    text = _ILLEGAL.sub("", text)
    if _size(text) <= max_bytes:
        return text
    most = bisect_right(range(len(text)), max_bytes, key=lambda chars: _size(text[:chars])) - 1
    ends = [end for found in _SENTENCE_END.finditer(text) if (end := found.end()) <= most]
    return text[: ends[-1]] if ends else text[:most].rpartition(" ")[0] or text[:most]


def _size(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode()) - len('""')
