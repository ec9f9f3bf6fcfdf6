"""Whether a call carries a secret that the owner has set for Dialogflow."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping

from voice.errors import InputError, SetupError
from voice.settings import Settings


class Credentials:
    """Compare what a call carries, in a time that tells nothing about the secrets."""

    def __init__(self, settings: Settings) -> None:
        """Take the secrets; raises SetupError when what is set can be none."""
        token, basic = settings.dialogflow_token, settings.dialogflow_basic
        if basic and ":" not in basic.get_secret_value():
            raise SetupError("VOICE_DIALOGFLOW_BASIC must be user:password")
        self._token = token.get_secret_value().encode() if token else None
        # Compared in base64, as it is sent: nothing of a stranger's is decoded.
        self._basic = base64.b64encode(basic.get_secret_value().encode()) if basic else None

    def check(self, headers: Mapping[str, str]) -> None:
        """Raise InputError 401 when nothing in the headers, by lower-case name, matches."""
        scheme, _, given = headers.get("authorization", "").partition(" ")
        wanted = {"bearer": self._token, "basic": self._basic}.get(scheme.lower())
        is_authorized = _matches(wanted, given.strip())
        has_token = _matches(self._token, headers.get("x-voice-token", ""))
        if not (is_authorized or has_token):
            raise InputError(
                "the secret is missing or wrong; set the same one in Dialogflow's webhook and here",
                code="unauthorized",
                http_status=401,
            )


def _matches(wanted: bytes | None, given: str) -> bool:
    if not wanted:
        return False
    # Headers come with one character for each byte; what has others is no header.
    return hmac.compare_digest(wanted, given.encode("latin-1", "replace"))
