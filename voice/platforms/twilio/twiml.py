"""TwiML, the XML that tells Twilio what to say and do, and the voice it is said with."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Final
from xml.etree import ElementTree

from voice.platforms.twilio.speech_links import MAX_TEXT_CHARS, SpeechLinks
from voice.platforms.writing import legal
from voice.tts.pieces import pieces

# The shortest limit of any of Twilio's voices is 3,000 characters a Say; all pieces keep to it.
MAX_PIECES: Final = 5
# Where the region is not the language's own name; Twilio knows most languages with one only.
_REGIONS: Final = {
    **{"en": "US", "hi": "IN", "ja": "JP", "ko": "KR", "zh": "CN"},
    **{"da": "DK", "sv": "SE", "cs": "CZ", "el": "GR", "uk": "UA"},
}


class Document:
    """One TwiML document."""

    def __init__(self) -> None:
        self.root = ElementTree.Element("Response")

    def hang_up(self) -> None:
        """End the call."""
        ElementTree.SubElement(self.root, "Hangup")

    def as_bytes(self) -> bytes:
        """Return the document in UTF-8."""
        written: bytes = ElementTree.tostring(self.root, "utf-8", xml_declaration=True)
        return written


@dataclass(frozen=True, slots=True)
class Mouth:
    """How callers are spoken to."""

    language: str  # a tag with a region, as en-US
    links: SpeechLinks | None = None  # our own voice; None: Twilio's

    def say(self, parent: ElementTree.Element, text: str, rate_factor: float = 1.0) -> None:
        """Add what says a text; of a very long one its first pieces, cut at a sentence's end.

        Twilio's voice keeps its own rate.
        """
        for piece in islice(pieces(legal(text), MAX_TEXT_CHARS), MAX_PIECES):
            if self.links is None:
                ElementTree.SubElement(parent, "Say", language=self.language).text = piece
            else:
                ElementTree.SubElement(parent, "Play").text = self.links.url(piece, rate_factor)


def language_tag(locale: str) -> str:
    """Return a locale as Twilio names languages, with a region."""
    language, *rest = locale.split("-")
    language = language.lower()
    # Regions have two letters or three digits; a longer part is a script and stays as it is.
    named = [part.upper() if len(part) < len("Hans") else part for part in rest]
    return "-".join([language, *(named or [_REGIONS.get(language, language.upper())])])
