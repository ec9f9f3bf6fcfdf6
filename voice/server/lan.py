"""`voice serve --lan`: serve the phones and tablets around, over HTTPS, paired by a link."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from voice.access import CALLER_SCOPES, KeyFile
from voice.errors import SetupError
from voice.ports import own_address
from voice.server.browser_key import PAIRING_PATH, PAIRING_SECONDS, Pairing
from voice.server.certificate import Certificate, own_certificate
from voice.server.guard import WILDCARDS
from voice.server.listener import secure_url
from voice.settings import Settings

PAIRED: Final = "paired devices"  # the key that every paired browser holds


@dataclass(frozen=True, slots=True)
class Lan:
    """What serving the local network takes."""

    addresses: tuple[str, ...]  # the first is told
    certificate: Certificate
    pairing: Pairing

    def tell(self, port: int, say: Callable[[str], object]) -> None:
        """Say how a device is paired: a link, the same as a QR code, the certificate's print."""
        import segno

        link = f"{secure_url(self.addresses[0], port)}{PAIRING_PATH}{self.pairing.code}"
        code = io.StringIO()
        segno.make(link).terminal(code, compact=True)
        say(code.getvalue().rstrip("\n"))
        say(f"Open this on each device within {PAIRING_SECONDS // 60} minutes: {link}")
        say("The browser will warn once: the certificate is this machine's own, with SHA-256 print")
        say(self.certificate.fingerprint)


def open_lan(settings: Settings) -> tuple[Settings, Lan]:
    """Return the settings to serve the network with, and what it takes.

    Raises SetupError on a machine without a network, or when keys cannot be kept.
    """
    if settings.host in WILDCARDS or settings.host == Settings.model_fields["host"].default:
        host, addresses = "0.0.0.0", own_addresses()
        if not addresses:
            raise SetupError("this machine is in no network; --lan has nobody to serve")
    else:
        host, addresses = settings.host, (settings.host,)
    hosts = (*addresses, *own_names())
    certificate = own_certificate(settings.home_folder / "keys", ("localhost", "127.0.0.1", *hosts))
    lan = Lan(addresses, certificate, _pairing(settings))
    allowed = (*settings.allowed_hosts, *hosts)
    return settings.model_copy(update={"host": host, "allowed_hosts": allowed}), lan


def own_addresses() -> tuple[str, ...]:
    """Return the addresses by which others on the network reach this machine."""
    found = map(own_address, (socket.AF_INET, socket.AF_INET6))
    return tuple(address for address in found if address)


def own_names() -> tuple[str, ...]:
    """Return the names by which others on the network may reach this machine."""
    name = socket.gethostname().partition(".")[0].lower()
    return (name, f"{name}.local") if name.isascii() and name else ()


def _pairing(settings: Settings) -> Pairing:
    keys = KeyFile(settings)
    if not any(key.name == PAIRED for key in keys.read()):
        keys.add(PAIRED, CALLER_SCOPES)  # nobody needs to know it: browsers hold a cookie for it
    return Pairing(next(key for key in keys.read() if key.name == PAIRED))
