"""The cookie by which a browser holds a key, and the routes that hand it out."""

from __future__ import annotations

import secrets
import time
from typing import Final

from flask import Response, request
from itsdangerous import BadData
from werkzeug.sansio.http import parse_cookie

from voice.access import Access, AccessKey
from voice.keys import serializer, signing_keys
from voice.server import fields
from voice.server.errors import refusal
from voice.settings import Settings

COOKIE: Final = "voice-key"
MAX_AGE_SECONDS: Final = 30 * 24 * 3600
PAIRING_PATH: Final = "/pair/"
PAIRING_SECONDS: Final = 15 * 60
MAX_KEY_CHARS: Final = 500


class BrowserKeys:
    """Sign and read cookies that stand for a key; they end when the key is revoked."""

    def __init__(self, settings: Settings, access: Access) -> None:
        self._access = access
        self._serializer = serializer(signing_keys(settings), "browser-key-1")

    def sign(self, key: AccessKey) -> str:
        """Return the cookie's value for a key."""
        return str(self._serializer.dumps(key.id))

    def find(self, cookie_header: str | None) -> AccessKey | None:
        """Return the key that a request's cookies stand for, None without a good one."""
        # Not Python's own parser: it stops at the first cookie, of another program's, that is odd.
        cookie = parse_cookie(cookie_header).get(COOKIE)
        if not cookie:
            return None
        try:
            key_id = self._serializer.loads(cookie, MAX_AGE_SECONDS)
        except BadData:
            return None
        return self._access.find_id(str(key_id))


class Pairing:
    """The link in the terminal: good for a while, for every device at hand."""

    def __init__(self, key: AccessKey) -> None:
        """Take the key that paired browsers hold."""
        self.key = key
        self.code = secrets.token_urlsafe(24)
        self._until = time.monotonic() + PAIRING_SECONDS

    def fits(self, text: str) -> bool:
        """Return whether this is the code, and in time."""
        right = secrets.compare_digest(text.encode(), self.code.encode())
        return right and time.monotonic() < self._until


class BrowserKeyRoutes:
    """Give browsers their cookie: for a key that was typed, or by the pairing link."""

    def __init__(self, settings: Settings, pairing: Pairing | None = None) -> None:
        self._access = Access(settings)
        self._keys = BrowserKeys(settings, self._access)
        self._pairing = pairing

    def enter(self) -> Response:
        """POST /page/key: take a key and keep it in a cookie; 401 for a wrong one."""
        given = fields.json_fields(request)
        text = fields.required_text(given, "key", MAX_KEY_CHARS)
        key = self._access.find(text.strip())
        if key is None:
            raise refusal(401, "unauthorized", "that key is not known here")
        return self._with_cookie(Response(status=204), key)

    def pair(self, code: str) -> Response:
        """GET /pair/<code>: the link from the terminal."""
        known = self._pairing and self._access.find_id(self._pairing.key.id)  # unless revoked
        if self._pairing is None or not known or not self._pairing.fits(code):
            raise refusal(
                404,
                "not_found",
                "this link is no longer good; the owner's terminal shows a new one",
            )
        response = self._with_cookie(Response(status=303), self._pairing.key)
        response.headers["Location"] = "/"
        return response

    def _with_cookie(self, response: Response, key: AccessKey) -> Response:
        response.set_cookie(
            COOKIE,
            self._keys.sign(key),
            max_age=MAX_AGE_SECONDS,
            secure=request.is_secure,
            httponly=True,
            samesite="Strict",
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
