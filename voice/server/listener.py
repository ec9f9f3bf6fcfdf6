"""The address to serve on: checked, and taken before any model is loaded."""

from __future__ import annotations

import socket

from voice.access import Access
from voice.errors import InputError
from voice.ports import bracketed, find_address, host_and_port, take_port
from voice.settings import Settings


def bind(settings: Settings) -> socket.socket:
    """Return a socket that listens on the address of the settings.

    Raises InputError for an address that is not loopback when no keys are set, and SetupError when
    the address cannot be had.
    """
    address = find_address(settings.host, settings.port)
    if not address.is_loopback and not Access(settings).is_guarded():
        raise InputError(
            f"{settings.host} can be reached from other machines: take --lan, or make a key with "
            "`voice keys add NAME` or VOICE_API_KEYS"
        )
    return take_port(address, "--port or VOICE_PORT")


def url(listener: socket.socket) -> str:
    """Return the address that a browser opens."""
    return f"http://{host_and_port(listener)}"


def secure_url(host: str, port: int) -> str:
    """Return the address that a browser opens where we serve HTTPS."""
    return f"https://{bracketed(host)}:{port}"
