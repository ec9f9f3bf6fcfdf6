"""Google Dialogflow, ES and CX: POST /hook/dialogflow, told apart by the request's form."""

from __future__ import annotations

from voice.phrases import Phrases
from voice.platforms.dialogflow import cx, es
from voice.platforms.dialogflow.credentials import Credentials
from voice.platforms.protocol import HookRequest, HookResponse, PlatformContext, json_response
from voice.telephone import connecting, dialable
from voice.types import Reply

DialogflowCall = es.EsCall | cx.CxCall


def create(context: PlatformContext) -> Dialogflow:
    """Return the adapter."""
    return Dialogflow(context)


class Dialogflow:
    """Answer the webhook calls of both editions."""

    def __init__(self, context: PlatformContext) -> None:
        self._credentials = Credentials(context.settings)
        self._phrases: Phrases = context.phrases
        contact = context.faq.contact
        number = dialable(contact.phone) if contact and contact.phone else None
        self._transfer: cx.Transfer | None = None
        if number and number.startswith("+"):  # a transfer takes only international numbers
            self._transfer = cx.Transfer(number, connecting(context.phrases))

    def verify(self, request: HookRequest) -> None:
        """Raise InputError 401 unless the call carries a secret that the owner has set."""
        self._credentials.check(request.headers)

    def parse(self, request: HookRequest) -> DialogflowCall:
        """Return the call; raises InputError for what is no JSON object.

        Fields that are missing or of another type than they should be are as good as not sent.
        """
        body = request.json
        return es.parse(body) if es.is_es(body) else cx.parse(body, self._transfer)

    def render(self, call: DialogflowCall, reply: Reply | None) -> HookResponse:
        """Return a reply in the form of the edition that called."""
        assert reply is not None  # there is no call without a turn
        return json_response(call.answer(reply))

    def sorry(self, call: DialogflowCall | None, phrase: str) -> HookResponse:
        """Return a phrase in the form of the edition that called, ES where nobody knows."""
        return json_response((call or es.EsCall(None)).say(self._phrases.say[phrase]))
