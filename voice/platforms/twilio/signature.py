"""Twilio's signature: who calls, and that nobody changed what is called with.

HMAC-SHA1 with the account's auth token, in base64, over the URL that Twilio requested followed by
each field of the form, name and value, sorted; Twilio's documentation "Security: Validating
signatures from Twilio".
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from voice.errors import InputError, SetupError

_PORTS: Final = {"http": 80, "https": 443}


class Signatures:
    """Check signatures against every token that the owner has set."""

    def __init__(self, base: str, tokens: Iterable[SecretStr]) -> None:
        self._bases = _base_variants(base)
        self._tokens = tuple(token.get_secret_value().encode() for token in tokens)

    def check(self, signature: str, target: str, fields: Iterable[tuple[str, str]]) -> None:
        """Raise InputError 403 unless the signature fits.

        `target` is path and query as they were sent. The host is the owner's word, never the
        request's: whoever calls may claim any.
        """
        given = signature.encode("utf-8", "surrogateescape")
        rest = target + signed_fields(fields)
        wanted = [sign(token, base + rest) for token in self._tokens for base in self._bases]
        # Every one is compared, so that the time says nothing about which one was near.
        if not any([hmac.compare_digest(one, given) for one in wanted]):
            raise InputError(
                "the signature does not fit: VOICE_PUBLIC_URL must be the address that Twilio"
                " calls, and VOICE_TWILIO_AUTH_TOKEN the account's token",
                code="bad_signature",
                http_status=403,
            )


def sign(token: bytes, text: str) -> bytes:
    """Return the signature of a text."""
    data = text.encode("utf-8", "surrogateescape")
    return base64.b64encode(hmac.digest(token, data, "sha1"))


def signed_fields(fields: Iterable[tuple[str, str]]) -> str:
    """Return the fields as they are signed: each name with each of its values once, in order."""
    return "".join(name + value for name, value in sorted(set(fields)))


def _base_variants(base: str) -> Sequence[str]:
    """Return the address with and without its port: Twilio signs either."""
    try:
        parts = urlsplit(base)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise SetupError("VOICE_PUBLIC_URL must be an address as https://faq.example") from None
    bare = parts.netloc.removesuffix(f":{port}")
    return [parts._replace(netloc=netloc).geturl() for netloc in (bare, f"{bare}:{port}")]
