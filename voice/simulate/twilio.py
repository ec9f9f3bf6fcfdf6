"""A telephone call as Twilio makes it: signed requests, TwiML read with a real parser.

What is played is fetched and must be a sound file; its words are read from its address, which
carries them (see voice.platforms.twilio.speech_links): to recognize them would prove less.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlencode
from xml.etree import ElementTree

from voice.audio.decoder import AudioDecoder
from voice.errors import AudioError, EngineError, InputError
from voice.platforms.twilio.signature import sign, signed_fields
from voice.platforms.twilio.speech_links import text_in
from voice.settings import Settings
from voice.simulate.posting import kept_secret, request
from voice.simulate.protocol import Heard
from voice.simulate.twiml import expect, read_twiml

PUBLIC_URL: Final = "https://twilio.example"
MAX_DOCUMENTS: Final = 5  # in one turn; more would be a loop
MAX_PLAY_SECONDS: Final = 600.0
_SOUND_TYPES: Final = ("audio/mpeg", "audio/wav", "audio/wave", "audio/x-wav")
_KEYS: Final = re.compile(r"[0-9*#]")


def trusting_settings(folder: Path) -> dict[str, object]:
    """Return settings that make a server trust this caller; its token is kept in the folder."""
    return {
        "twilio_auth_token": kept_secret(folder, "twilio-auth-token"),
        "public_url": PUBLIC_URL,
    }


def open_caller(url: str, settings: Settings) -> TwilioCaller:
    """Return a caller of the number that the server at `url` answers."""
    if not settings.twilio_auth_token or not settings.public_url:
        raise InputError("set VOICE_TWILIO_AUTH_TOKEN and VOICE_PUBLIC_URL, as the server has them")
    return TwilioCaller(url, settings)


class TwilioCaller:
    """One call; what is dialled from it ends with `dial_status`."""

    def __init__(self, url: str, settings: Settings, dial_status: str = "completed") -> None:
        self._url = url
        self._public = (settings.public_url or "").rstrip("/")
        self._token = settings.twilio_auth_token[0].get_secret_value().encode()
        self._call = {"CallSid": f"CA{secrets.token_hex(16)}", "From": "+15005550006"}
        self._action: str | None = f"{self._public}/hook/twilio"
        self._decoder: AudioDecoder | None = None
        self._dial_status = dial_status
        self.dialed: list[str] = []
        self.sound_seconds = 0.0  # of all that was played

    def start(self) -> Heard:
        """Call the number."""
        return self._turn({"CallStatus": "ringing"})

    def say(self, text: str) -> Heard:
        """Say something, or press a key when the text is one; empty text is silence."""
        if not text:
            return self._turn({})
        if _KEYS.fullmatch(text):
            return self._turn({"Digits": text})
        return self._turn({"SpeechResult": text, "Confidence": "0.87"})

    def close(self) -> None:
        """Hang up."""
        self._post(f"{self._public}/hook/twilio", {"CallStatus": "completed"})
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def _turn(self, fields: Mapping[str, str]) -> Heard:
        """Send what was said and follow the documents until one listens or the call is over."""
        if self._action is None:
            raise InputError("the call is over")
        words: list[str] = []
        exchanges: list[tuple[str, str]] = []
        url, next_fields = self._action, {"CallStatus": "in-progress", **fields}
        for _ in range(MAX_DOCUMENTS):
            sent, received = self._post(url, next_fields)
            exchanges.append((sent, received.decode()))
            self._action, following = None, None
            for verb in read_twiml(received):
                following = self._follow(verb, words)
                if following or self._action or verb.tag == "Hangup":
                    break
            if following is None:
                said, got = ("\n".join(part) for part in zip(*exchanges, strict=True))
                return Heard(" ".join(words), self._action is None, said, got)
            url, next_fields = following
        raise EngineError("Twilio would not take this answer: it goes round in a circle")

    def _follow(
        self, verb: ElementTree.Element, words: list[str]
    ) -> tuple[str, dict[str, str]] | None:
        """Do what a verb says; return the request that it leads to at once."""
        text = verb.text or ""
        if verb.tag == "Say":
            words.append(text)
        elif verb.tag == "Play":
            words.append(self._play(text))
        elif verb.tag == "Gather":
            for nested in verb:
                self._follow(nested, words)
            self._action = verb.get("action")
        elif verb.tag == "Redirect":
            return text, {}
        elif verb.tag == "Dial":
            self.dialed.append(text)
            return verb.get("action", ""), {"DialCallStatus": self._dial_status}
        return None

    def _play(self, url: str) -> str:
        """Fetch a sound, check that it is one, and return its words."""
        answer = request("GET", self._here(url))
        kind = answer.headers.get("Content-Type", "")
        expect(kind in _SOUND_TYPES, f"a Play of {kind}")
        if self._decoder is None:
            self._decoder = AudioDecoder()
            self._decoder.start()
        try:
            sound = self._decoder.decode(answer.content, max_seconds=MAX_PLAY_SECONDS)
        except AudioError as error:
            raise EngineError(f"Twilio could not play this: {error.message}") from None
        expect(sound.seconds > 0, "a Play of nothing")
        self.sound_seconds += sound.seconds
        return text_in(url)

    def _post(self, url: str, fields: Mapping[str, str]) -> tuple[str, bytes]:
        form = {**self._call, **fields}
        signature = sign(self._token, url + signed_fields(form.items()))
        body = urlencode(form)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": signature.decode(),
        }
        answer = request("POST", self._here(url), body.encode(), headers)
        expect(answer.headers.get("Content-Type", "").startswith("text/xml"), "it is no XML")
        return f"POST {url}\n{body}", answer.content

    def _here(self, url: str) -> str:
        """Return where the server really is that has this public address."""
        expect(url.startswith(f"{self._public}/"), "an address of another server")
        return self._url + url.removeprefix(self._public)
