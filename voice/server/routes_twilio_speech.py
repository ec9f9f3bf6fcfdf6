"""GET /hook/twilio/speech/<token>: what callers on the telephone hear, in our own voice."""

from __future__ import annotations

from flask import Response

from voice.assistant import Assistant
from voice.keys import signing_keys
from voice.platforms import HOOKS
from voice.platforms.twilio.speech_links import SpeechLinks
from voice.server.errors import refusal
from voice.settings import Settings
from voice.types import Reply


class TwilioSpeechRoute:
    """Speak the texts that we have signed for Twilio, and no others."""

    def __init__(self, settings: Settings, assistant: Assistant) -> None:
        self._assistant = assistant
        is_on = HOOKS["twilio"].is_set(settings)
        self._links = SpeechLinks(signing_keys(settings)) if is_on else None

    def speech(self, token: str) -> Response:
        """Return the speech of a signed text; 404 for everything else."""
        spoken = self._links.spoken(token) if self._links else None
        if spoken is None:
            raise refusal(404, "not_found", "there is no such speech, or not any more")
        text, rate_factor = spoken
        wav = self._assistant.speak_reply(Reply("answer", text, rate_factor=rate_factor)).wav
        decoder = self._assistant.decoder
        sound = decoder.encode(wav, "telephone") if decoder else wav
        return Response(sound, mimetype="audio/wav")
