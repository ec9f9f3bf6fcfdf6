"""Amazon Alexa, a custom skill: POST /hook/alexa."""

from __future__ import annotations

from voice.errors import SetupError
from voice.platforms.alexa.certificates import Certificates, read_roots
from voice.platforms.alexa.chains import fetch_chain, read_chain
from voice.platforms.alexa.parse import AlexaCall, parse
from voice.platforms.alexa.render import envelope, say
from voice.platforms.alexa.slots import entries_by_slot_id
from voice.platforms.alexa.verify import Verifier
from voice.platforms.protocol import HookRequest, HookResponse, PlatformContext, json_response
from voice.settings import Settings
from voice.types import Reply


def create(context: PlatformContext) -> Alexa:
    """Return the adapter; raises SetupError when a test's certificate cannot be read."""
    return Alexa(context)


class Alexa:
    """Answer the calls of the owner's skills."""

    def __init__(self, context: PlatformContext) -> None:
        settings = context.settings
        self._verifier = Verifier(settings.alexa_skill_ids, _certificates(settings))
        self._entries = entries_by_slot_id(context.faq)
        self._say = context.phrases.say

    def verify(self, request: HookRequest) -> None:
        """Raise InputError 400 unless Alexa signed the call, just now, for a skill of the owner."""
        self._verifier.check(request)

    def parse(self, request: HookRequest) -> AlexaCall:
        """Return the call; fields that are missing or of another type are as good as not sent."""
        return parse(request.json, self._entries)

    def render(self, call: AlexaCall, reply: Reply | None) -> HookResponse:
        """Return what Alexa says; nothing where nothing is asked."""
        if reply is None:
            return json_response(envelope(call.response))
        return json_response(say(reply, self._say["no_input"]))

    def sorry(self, call: AlexaCall | None, phrase: str) -> HookResponse:
        """Return an answer that says the phrase and then asks to try again."""
        turn = call.turn if call else None
        speech = " ".join(dict.fromkeys((self._say[phrase], self._say["try_again"])))
        reply = Reply("no_input", speech, conversation=(turn and turn.conversation) or "")
        return json_response(say(reply, self._say["no_input"]))


def _certificates(settings: Settings) -> Certificates:
    root, folder = settings.alexa_test_root, settings.alexa_test_certs
    if root is None or folder is None:  # one without the other is not let in, see server.testing
        return Certificates(fetch_chain, read_roots())
    try:
        return Certificates(lambda url: read_chain(folder, url), read_roots(root))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SetupError(f"VOICE_ALEXA_TEST_ROOT: cannot read {root}: {why}") from None
