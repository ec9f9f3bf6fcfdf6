"""Telephone calls through Twilio: POST /hook/twilio says what to say, and to listen again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from voice.errors import InputError
from voice.keys import signing_keys
from voice.platforms.protocol import (
    Call,
    HookRequest,
    HookResponse,
    PlatformContext,
    form_pairs,
)
from voice.platforms.twilio.gather import Gathering
from voice.platforms.twilio.signature import Signatures
from voice.platforms.twilio.speech_links import SpeechLinks
from voice.platforms.twilio.twiml import Document, Mouth, language_tag
from voice.telephone import MAX_OFFERED, connecting, dialable, key_command
from voice.types import MAX_QUESTION_CHARS, SPOKEN_PAGE_CHARS, Channel, Reply, Turn

CHANNEL: Final = Channel("twilio", page_chars=SPOKEN_PAGE_CHARS, keeps_open=True)
MAX_BODY_BYTES: Final = 64 << 10

_OVER: Final = ("completed", "busy", "failed", "no-answer", "canceled")


@dataclass(frozen=True, slots=True)
class TwilioCall(Call):
    """One request of a telephone call."""

    conversation: str = ""
    is_dial_over: bool = False  # we connected the caller to nobody, and are back


def create(context: PlatformContext) -> Twilio:
    """Return the adapter; raises SetupError when VOICE_PUBLIC_URL is no web address."""
    return Twilio(context)


class Twilio:
    """Greet callers, hear what Twilio has recognized, answer, listen again."""

    def __init__(self, context: PlatformContext) -> None:
        settings, faq = context.settings, context.faq
        base = (settings.public_url or "").rstrip("/")
        self._signatures = Signatures(base, settings.twilio_auth_token)
        plays = settings.twilio_speech == "play" and context.speaks
        links = SpeechLinks(signing_keys(settings), base) if plays else None
        self._mouth = Mouth(language_tag(faq.locale), links)
        self._gathering = Gathering(f"{base}/hook/twilio", faq)
        self._phrases = context.phrases
        contact = faq.contact
        self._phone = dialable(contact.phone) if contact and contact.phone else None

    def verify(self, request: HookRequest) -> None:
        """Raise InputError: 413 for more than 64 KiB, 403 for what Twilio has not signed."""
        if len(request.body) > MAX_BODY_BYTES:
            message = f"the form is larger than {MAX_BODY_BYTES >> 10} KiB"
            raise InputError(message, code="too_large", http_status=413)
        signature = request.headers.get("x-twilio-signature", "")
        self._signatures.check(signature, request.target, request.form)

    def parse(self, request: HookRequest) -> TwilioCall:
        """Return the call in a signed request; fields that make no sense count as not sent."""
        fields = _first_values(request.form)
        query = _first_values(form_pairs(request.target.partition("?")[2]))
        conversation = query.get("conversation")
        if fields.get("CallStatus") in _OVER:
            return TwilioCall(None)
        if "DialCallStatus" in fields:
            is_answered = fields["DialCallStatus"] in ("completed", "answered")
            return TwilioCall(None, conversation or "", is_dial_over=not is_answered)
        turn = Turn(
            fields.get("SpeechResult", "")[:MAX_QUESTION_CHARS],
            spoken=True,
            conversation=conversation,
            channel=CHANNEL,
            command=_command(fields, query),
        )
        return TwilioCall(turn, conversation or "")

    def render(self, call: TwilioCall, reply: Reply | None) -> HookResponse:
        """Return the TwiML that says a reply and what happens then; an empty one ends a call."""
        if reply is None:
            if call.is_dial_over:
                return self.sorry(call, "hand_off_without_contact")
            return _response(Document())
        document = Document()
        if reply.hand_off and self._phone:
            self._mouth.say(document.root, connecting(self._phrases))
            self._gathering.dial(document, self._phone, reply.conversation)
        elif reply.end_session:
            self._mouth.say(document.root, reply.speech)
            document.hang_up()
        else:
            gather = self._gathering.gather(document, reply.conversation, reply.offered)
            self._mouth.say(gather, reply.speech, reply.rate_factor)
        return _response(document)

    def sorry(self, call: TwilioCall | None, phrase: str) -> HookResponse:
        """Return the TwiML that says a phrase and listens again."""
        document = Document()
        gather = self._gathering.gather(document, call.conversation if call else "")
        self._mouth.say(gather, self._phrases.say[phrase])
        return _response(document)


def _first_values(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return dict(reversed(pairs))


def _command(fields: Mapping[str, str], query: Mapping[str, str]) -> str | None:
    """Return what is meant without words: the call has just begun, or a key was pressed."""
    if "conversation" not in query:
        return "start"
    digits = fields.get("Digits")
    if not digits:
        return None
    offered = query.get("offered", "")
    choices = [str(number) for number in range(1, MAX_OFFERED + 1)]
    return key_command(digits, int(offered) if offered in choices else 0)


def _response(document: Document) -> HookResponse:
    return HookResponse(document.as_bytes(), "text/xml")
