"""Who may talk to the server: allowed hosts, origins and keys.

Flask's own TRUSTED_HOSTS cannot name an IPv6 address (Werkzeug 3.1 cuts "[::1]" at its first
colon), and sockets and bodies that are still on their way do not reach Flask: so the rules are here
once, for all of them.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from voice.access import Access, AccessKey, Scope
from voice.errors import InputError
from voice.server.browser_key import BrowserKeys
from voice.server.errors import refusal
from voice.settings import Settings

# What a key of which scope opens; the first that an address begins with counts.
KEYED_PATHS: Final[Mapping[str, Scope]] = {
    "/ask": "ask",
    "/listen": "ask",
    "/speak": "speak",
    "/v1/audio/speech": "speak",
    "/v1/": "ask",
    "/ws/": "ask",
}
HOOK_PATH: Final = "/hook/"
SAFE_METHODS: Final = ("GET", "HEAD")
WILDCARDS: Final = ("0.0.0.0", "::")

CORS_HEADERS: Final = {
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Request-ID",
    "Access-Control-Expose-Headers": "Voice-Status, Voice-Entry, Voice-Conversation, X-Request-ID",
    "Access-Control-Max-Age": "600",
}

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?")
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class RequestHead:
    """What of a request decides whether it is let in."""

    method: str
    path: str
    host: str | None = None
    origin: str | None = None
    authorization: str | None = None
    cookie: str | None = None

    @property
    def scope(self) -> Scope | None:
        """Return what a key must be good for at this address, None where none is asked for."""
        scopes = (scope for path, scope in KEYED_PATHS.items() if self.path.startswith(path))
        return next(scopes, None)


class Guard:
    """Let requests in or refuse them, by their heads alone."""

    def __init__(self, settings: Settings) -> None:
        own = () if settings.host in WILDCARDS else (settings.host,)
        self._hosts = frozenset(map(_ascii_name, ("localhost", *own, *settings.allowed_hosts)))
        public = urlsplit(settings.public_url).hostname if settings.public_url else None
        self._public_host = public and _ascii_name(public)
        self._origins = frozenset(origin.rstrip("/").lower() for origin in settings.allowed_origins)
        self._access = Access(settings)
        self._browser_keys = BrowserKeys(settings, self._access)

    def check(self, head: RequestHead) -> None:
        """Raise InputError (400, 401 or 403) when the request may not come in."""
        self._check_host(head)
        if head.origin is not None and head.method not in SAFE_METHODS:
            self._check_origin(head.origin, head.host)
        if (
            head.scope and self._access.is_guarded() and head.method != "OPTIONS"
        ):  # preflights carry none
            self._check_key(head, head.scope)

    def response_headers(self, origin: str | None) -> Mapping[str, str]:
        """Return the headers that let pages of an allowed site read a response."""
        if origin is None:
            return {}
        if not self._allows_origin(origin):
            return {"Vary": "Origin"}
        return {"Vary": "Origin", "Access-Control-Allow-Origin": origin, **CORS_HEADERS}

    def caller_name(self, head: RequestHead, address: str) -> str:
        """Return by what callers are told apart: a key of ours, else the address.

        An unknown key is not believed: with a new one each time, one client would be many callers.
        """
        key = self._find_key(head)
        return address if key is None else f"key {key.id}"

    def _allows_origin(self, origin: str) -> bool:
        return origin.lower() in self._origins

    def _check_host(self, head: RequestHead) -> None:
        if head.host is None:  # no browser leaves it out
            return
        parts = _HOST.fullmatch(head.host.lower())
        name = _host_name(parts[1]) if parts else ""
        if name in self._hosts or _is_loopback(name):
            return
        guarded = head.path.startswith(HOOK_PATH) or bool(head.scope and self._access.is_guarded())
        if name and name == self._public_host and guarded:
            return
        raise _bad_host()

    def _check_origin(self, origin: str, host: str | None) -> None:
        if self._allows_origin(origin) or _is_same_site(origin, host):
            return
        raise refusal(
            403,
            "bad_origin",
            "pages of other sites may not talk to this server; VOICE_ALLOWED_ORIGINS allows some",
        )

    def _check_key(self, head: RequestHead, scope: Scope) -> None:
        key = self._find_key(head)
        if key is None:
            raise refusal(
                401, "unauthorized", "a key is needed: send it as `Authorization: Bearer <key>`"
            )
        if scope not in key.scopes:
            raise refusal(403, "forbidden", f"this key is not good for that: it lacks {scope}")

    def _find_key(self, head: RequestHead) -> AccessKey | None:
        scheme, _, key = (head.authorization or "").partition(" ")
        if scheme.lower() == "bearer":
            sent = key.strip().encode("latin-1", "replace")  # a character for each byte
            return self._access.find(sent.decode("utf-8", "surrogateescape"))
        return self._browser_keys.find(head.cookie)


def _bad_host() -> InputError:
    return refusal(
        400,
        "bad_host",
        "this server does not answer to that Host; VOICE_ALLOWED_HOSTS names the ones it does",
    )


def _host_name(host: str) -> str:
    """Return a host in the one form that is compared: no port, no brackets, lower case."""
    name = host.lower().rstrip(".")
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0] if name.count(":") == 1 else name


def _ascii_name(host: str) -> str:
    """Return a host of the settings as requests name it: in ASCII."""
    name = _host_name(host)
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_same_site(origin: str, host: str | None) -> bool:
    """Return whether the page came from the host (and port) that the request goes to."""
    scheme, _, place = origin.lower().partition("://")
    port = _DEFAULT_PORTS.get(scheme)
    if port is None or host is None:
        return False
    return _with_port(place, port) == _with_port(host.lower(), port)


def _with_port(place: str, default: str) -> str:
    parts = _HOST.fullmatch(place)
    return f"{parts[1]}:{parts[2] or default}" if parts else place
