"""The address to serve on: checked, and taken before any model is loaded."""

from __future__ import annotations

import socket

from voice.errors import InputError
from voice.ports import find_address, host_and_port, take_port
from voice.settings import Settings


def bind(settings: Settings) -> socket.socket:
    """Return a socket that listens on the address of the settings.

    Raises InputError for an address that is not loopback when no keys are set, and SetupError when
    the address cannot be had.
    """
    address = find_address(settings.host, settings.port)
    if not settings.api_keys and not address.is_loopback:
        raise InputError(
            f"{settings.host} can be reached from other machines: set VOICE_API_KEYS to serve "
            "there, or serve on 127.0.0.1"
        )
    return take_port(address, "--port or VOICE_PORT")


def url(listener: socket.socket) -> str:
    """Return the address that a browser opens."""
    return f"http://{host_and_port(listener)}"
