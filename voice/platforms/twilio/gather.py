"""Listen to a caller, or connect them with somebody: the TwiML that brings the next request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode
from xml.etree import ElementTree

from voice.faq import Faq
from voice.platforms.twilio.twiml import Document, language_tag
from voice.platforms.writing import legal

MAX_URL_CHARS: Final = 4000  # of what Twilio requests
MAX_HINT_CHARS: Final = 100  # Twilio's, of one phrase
MAX_HINTS: Final = 100
MAX_HINTS_CHARS: Final = 5000  # of all: a document of 64 kB has to hold them, escaped
SILENCE_SECONDS: Final = 5  # without a word: the caller is asked again
PAUSE_SECONDS: Final = 1  # after the words: the question is over
RING_SECONDS: Final = 30

# A hint ends at a comma; the other marks are never heard.
_MARKS: Final = str.maketrans(dict.fromkeys(',;:.?!"()', " "))


class Gathering:
    """Make the parts of TwiML that come back to us, with the conversation in their addresses."""

    def __init__(self, url: str, faq: Faq) -> None:
        self._url = url
        self._attributes = {
            "input": "speech dtmf",
            "method": "POST",
            "language": language_tag(faq.locale),
            "hints": ", ".join(hints(faq)),
            "timeout": str(SILENCE_SECONDS),
            "speechTimeout": str(PAUSE_SECONDS),
            "numDigits": "1",
            "actionOnEmptyResult": "true",  # silence is a turn, too
        }

    def gather(
        self, document: Document, conversation: str, offered: int = 0
    ) -> ElementTree.Element:
        """Add what listens, and return it: who speaks over what is said in it stops it."""
        action = self._action(conversation, offered)
        return ElementTree.SubElement(
            document.root, "Gather", {**self._attributes, "action": action}
        )

    def dial(self, document: Document, phone: str, conversation: str) -> None:
        """Add what connects the caller with a number and comes back when that is over."""
        dial = ElementTree.SubElement(
            document.root,
            "Dial",
            action=self._action(conversation, 0),
            method="POST",
            timeout=str(RING_SECONDS),
        )
        dial.text = phone

    def _action(self, conversation: str, offered: int) -> str:
        """Return where the next request goes; Twilio's signature covers all of it."""
        url = f"{self._url}?{urlencode({'conversation': conversation, 'offered': offered})}"
        if len(url) > MAX_URL_CHARS:  # better to forget what was said than to lose the call
            return self._action("", 0)
        return url


def hints(faq: Faq) -> Iterator[str]:
    """Yield the wordings that Twilio should expect, questions before their variants."""
    variants = (variant for entry in faq.entries for variant in entry.variants)
    wordings = [*(entry.question for entry in faq.entries), *variants]
    plain = (" ".join(legal(wording).translate(_MARKS).split()) for wording in wordings)
    fitting = [wording for wording in dict.fromkeys(plain) if 0 < len(wording) <= MAX_HINT_CHARS]
    room = MAX_HINTS_CHARS
    for wording in fitting[:MAX_HINTS]:
        room -= len(wording)
        if room < 0:
            return
        yield wording
