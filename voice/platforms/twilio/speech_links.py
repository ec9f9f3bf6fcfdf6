"""Addresses at which Twilio fetches our own speech: they carry the text, signed, for minutes."""

from __future__ import annotations

from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer

from voice.keys import serializer

PATH: Final = "/hook/twilio/speech/"
# Of one address: even letters that compress badly keep it under the 4,000 that Twilio requests.
MAX_TEXT_CHARS: Final = 600
MAX_AGE_SECONDS: Final = 600
SALT: Final = "twilio-speech-1"


class SpeechLinks:
    """Make such addresses, and read them; any process with the keys can."""

    def __init__(self, keys: tuple[str, ...], base: str = "") -> None:
        self._serializer = serializer(keys, SALT)
        self._base = base

    def url(self, text: str, rate_factor: float = 1.0) -> str:
        """Return the address of a text's speech; of at most MAX_TEXT_CHARS characters."""
        return f"{self._base}{PATH}{self._serializer.dumps([text, rate_factor])}"

    def spoken(self, token: str) -> tuple[str, float] | None:
        """Return text and rate factor of an address's last part; None unless we signed it of late.

        The factor is of the usual rate, as in `Reply.rate_factor`.
        """
        try:
            text, rate_factor = self._serializer.loads(token, max_age=MAX_AGE_SECONDS)
        except BadData:
            return None
        return text, rate_factor


def text_in(url: str) -> str:
    """Return the text that is spoken at an address, whoever signed it; for simulated callers."""
    _, (text, _) = URLSafeTimedSerializer("", salt=SALT).loads_unsafe(url.rpartition("/")[2])
    return str(text)
