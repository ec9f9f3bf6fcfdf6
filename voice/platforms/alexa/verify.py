"""Whether a call is Alexa's: signed by Amazon, made just now, and for a skill of the owner.

The order is that of Amazon's guide to hosting a skill as a web service; nothing is parsed before
the signature over the raw body holds.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from voice.errors import InputError
from voice.platforms.alexa.certificates import Certificates, utc_now
from voice.platforms.alexa.chains import checked_url, refused
from voice.platforms.protocol import HookRequest
from voice.platforms.reading import record, text
from voice.strict_json import MAX_BYTES

TOLERANCE: Final = timedelta(seconds=150)  # Amazon's greatest, into the past and the future
EVENT_TOLERANCE: Final = timedelta(hours=1)  # events of skills are delivered again and again
EVENT: Final = "AlexaSkillEvent."
MAX_LOGGED_CHARS: Final = 100

_TIMESTAMP: Final = re.compile(r"([0-9-]{10}T[0-9:]{8})(?:\.[0-9]{1,9})?Z")
_LOG = logging.getLogger(__name__)


class Verifier:
    """Check calls; safe to share between threads."""

    def __init__(
        self,
        skill_ids: Collection[str],
        certificates: Certificates,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._skill_ids = frozenset(skill_ids)
        self._certificates = certificates
        self._now = now

    def check(self, request: HookRequest) -> None:
        """Raise InputError 400 for a call that is not Alexa's, 413 for one over 128 KiB."""
        if len(request.body) > MAX_BYTES:
            message = f"the body is larger than {MAX_BYTES >> 10} KiB"
            raise InputError(message, code="too_large", http_status=413)
        self._check_signature(request)
        try:
            body = request.json
        except InputError as error:
            raise refused(error.message) from None
        self._check_time(record(body, "request"))
        self._check_skill(body)

    def _check_signature(self, request: HookRequest) -> None:
        url = request.headers.get("signaturecertchainurl")
        given = request.headers.get("signature-256")
        if not url or not given:
            raise refused("the headers SignatureCertChainUrl and Signature-256 must be there")
        key = self._certificates.key(checked_url(url))
        try:
            signature = base64.b64decode(given, validate=True)
            key.verify(signature, request.body, PKCS1v15(), SHA256())
        except (ValueError, InvalidSignature):
            raise refused("Signature-256 is not the body's signature") from None

    def _check_time(self, request: Mapping[str, Any]) -> None:
        made = _moment(text(request, "timestamp"))
        is_event = text(request, "type").startswith(EVENT)
        if abs(self._now() - made) > (EVENT_TOLERANCE if is_event else TOLERANCE):
            raise refused("the request's timestamp is too far from the time here")

    def _check_skill(self, body: Mapping[str, Any]) -> None:
        places = [record(body, "context", "System", "application")]
        if body.get("session") is not None:
            places.append(record(body, "session", "application"))
        named = {text(place, "applicationId") for place in places}
        if len(named) != 1 or not named <= self._skill_ids:
            claimed = ", ".join(sorted(named))[:MAX_LOGGED_CHARS]
            _LOG.warning("a call of another skill was refused: %r", claimed)
            raise refused("the call is for another skill")


def _moment(timestamp: str) -> datetime:
    """Return a time as Alexa writes it, ISO 8601 in UTC; raises InputError."""
    found = _TIMESTAMP.fullmatch(timestamp)
    try:
        made = datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        made = None
    if made is None:
        raise refused("the request has no timestamp, or it is not as 2026-01-31T08:00:00Z")
    return made.replace(tzinfo=timezone.utc)
