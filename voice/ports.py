"""Addresses to listen on: looked up, and taken before any model is loaded."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from voice.errors import InputError, SetupError

_MULTICAST: Final = {socket.AF_INET: "224.0.0.251", socket.AF_INET6: "ff02::fb"}
BACKLOG: Final = 1024  # connections that may wait until the server takes them

_REASONS: Final = {
    errno.EADDRINUSE: "the port is in use; choose another with {setting}",
    errno.EADDRNOTAVAIL: "this machine does not have that address",
    errno.EACCES: "this port needs more rights; choose one above 1023",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, as the owner names it and as sockets do."""

    host: str
    port: int
    family: socket.AddressFamily
    sockaddr: Any

    @property
    def is_loopback(self) -> bool:
        """Return whether only this machine reaches it."""
        return ipaddress.ip_address(str(self.sockaddr[0])).is_loopback


def find_address(host: str, port: int) -> Address:
    """Return the first address of a host; IPv4 before IPv6, for "localhost" means either.

    Raises InputError when there is none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise InputError(f"there is no address {host!r} to serve on") from None
    family, _, _, _, sockaddr = sorted(found, key=lambda one: one[0] != socket.AF_INET)[0]
    return Address(host, port, family, sockaddr)


def take_port(address: Address, setting: str) -> socket.socket:
    """Return a socket that listens there; `setting` says where another port is chosen.

    Raises SetupError when the address cannot be had.
    """
    # Named in full: asyncio sends small answers at once (TCP_NODELAY) only where TCP is named.
    listener = socket.socket(address.family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":  # there, SO_REUSEADDR would let others take our port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address.sockaddr)
        listener.listen(BACKLOG)  # from now on the port is ours; who connects waits for us
    except OSError as error:
        listener.close()
        reason = _REASONS.get(error.errno or 0) or os.strerror(error.errno or 0)
        where = f"{address.host}:{address.port}"
        message = f"cannot serve on {where}: {reason.format(setting=setting)}"
        raise SetupError(message, code="address") from error
    return listener


def own_address(family: socket.AddressFamily) -> str | None:
    """Return the address by which others on the network reach this machine, None without one.

    Nothing is sent: connecting a UDP socket only asks which of our addresses would be used.
    """
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((_MULTICAST[family], 1))
        address = ipaddress.ip_address(str(probe.getsockname()[0]).partition("%")[0])
        if not address.is_loopback and not address.is_link_local:
            return str(address)
    return None


def host_and_port(listener: socket.socket) -> str:
    """Return where a socket listens, as addresses hold it."""
    host, port = listener.getsockname()[:2]
    return f"{bracketed(host)}:{port}"


def bracketed(host: str) -> str:
    """Return a host as it stands before a port: IPv6 addresses in brackets."""
    return f"[{host}]" if ":" in host else host
