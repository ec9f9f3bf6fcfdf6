"""GET /hook/twilio/speech/<token>: what callers on the telephone hear, in our own voice."""

from __future__ import annotations

from flask import Response

from voice.assistant import Assistant
from voice.keys import signing_keys
from voice.platforms import HOOKS
from voice.platforms.twilio.speech_links import SpeechLinks
from voice.server.errors import refusal
from voice.settings import Settings


class TwilioSpeechRoute:
    """Speak the texts that we have signed for Twilio, and no others."""

    def __init__(self, settings: Settings, assistant: Assistant) -> None:
        self._assistant = assistant
        is_on = HOOKS["twilio"].is_set(settings)
        self._links = SpeechLinks(signing_keys(settings)) if is_on else None

    def speech(self, token: str) -> Response:
        """Return the speech of a signed text; 404 for everything else."""
        text = self._links.text(token) if self._links else None
        if text is None:
            raise refusal(404, "not_found", "there is no such speech, or not any more")
        wav = self._assistant.speak(text, keep=True).wav  # all that we sign is our own words
        decoder = self._assistant.decoder
        sound = decoder.encode(wav, "telephone") if decoder else wav
        return Response(sound, mimetype="audio/wav")
