"""The address to serve on: checked, and taken before any model is loaded."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import sys
from typing import Any, Final

from voice.access import Access
from voice.errors import InputError, SetupError
from voice.settings import Settings

BACKLOG: Final = 1024  # connections that may wait until the server takes them

_REASONS: Final = {
    errno.EADDRINUSE: "the port is in use; choose another with --port or VOICE_PORT",
    errno.EADDRNOTAVAIL: "this machine does not have that address",
    errno.EACCES: "this port needs more rights; choose one above 1023",
}


def bind(settings: Settings) -> socket.socket:
    """Return a socket that listens on the address of the settings.

    Raises InputError for an address that is not loopback when no keys are set, and SetupError when
    the address cannot be had.
    """
    family, address = _resolve(settings.host, settings.port)
    is_loopback = ipaddress.ip_address(str(address[0])).is_loopback
    if not is_loopback and not Access(settings).is_guarded():
        raise InputError(
            f"{settings.host} can be reached from other machines: take --lan, or make a key with "
            "`voice keys add NAME` or VOICE_API_KEYS"
        )
    # Named in full: asyncio sends small answers at once (TCP_NODELAY) only where TCP is named.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":  # there, SO_REUSEADDR would let others take our port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)  # from now on the port is ours; who connects waits for us
    except OSError as error:
        listener.close()
        reason = _REASONS.get(error.errno or 0) or os.strerror(error.errno or 0)
        where = f"{settings.host}:{settings.port}"
        raise SetupError(f"cannot serve on {where}: {reason}", code="address") from error
    return listener


def url(listener: socket.socket) -> str:
    """Return the address that a browser opens."""
    host, port = listener.getsockname()[:2]
    return f"http://{_bracketed(host)}:{port}"


def secure_url(host: str, port: int) -> str:
    """Return the address that a browser opens where we serve HTTPS."""
    return f"https://{_bracketed(host)}:{port}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, Any]:
    """Return the first address of a host; IPv4 before IPv6, for "localhost" means either."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise InputError(f"there is no address {host!r} to serve on") from None
    family, _, _, _, address = sorted(found, key=lambda one: one[0] != socket.AF_INET)[0]
    return family, address
