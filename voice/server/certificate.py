"""A certificate of this machine's own: browsers give the microphone to HTTPS only."""

from __future__ import annotations

import hashlib
import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from voice.errors import SetupError

DAYS: Final = 397  # browsers believe no certificate for longer
RENEW_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of our own, and its key, as files for the TLS library."""

    path: Path
    key_path: Path
    fingerprint: str  # SHA-256, as browsers show it


def own_certificate(folder: Path, hosts: Sequence[str]) -> Certificate:
    """Return the certificate for these names and addresses, made anew where it no longer fits.

    Raises SetupError when it cannot be kept.
    """
    path, key_path = folder / "lan-certificate.pem", folder / "lan-key.pem"
    try:
        if not _fits(path, key_path, hosts):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make(path, key_path, hosts)
        return Certificate(path, key_path, _fingerprint(path))
    except (OSError, ValueError) as error:
        raise SetupError(f"cannot keep a certificate in {folder}: {error}") from error


def _fits(path: Path, key_path: Path, hosts: Sequence[str]) -> bool:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not path.is_file() or not key_path.is_file():
        return False
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        key = load_pem_private_key(key_path.read_bytes(), None)
    except (ValueError, x509.ExtensionNotFound):
        return False
    if key.public_key() != certificate.public_key():  # one of them was made, the other not any more
        return False
    until = certificate.not_valid_after_utc - timedelta(days=RENEW_DAYS)
    return set(names) == set(_names(hosts)) and datetime.now(timezone.utc) < until


def _make(path: Path, key_path: Path, hosts: Sequence[str]) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Voice FAQ server")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # clocks differ
        .not_valid_after(now + timedelta(days=DAYS - 1))
        .add_extension(x509.SubjectAlternativeName(_names(hosts)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key_path.unlink(missing_ok=True)
    with os.fdopen(os.open(key_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secret)
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _names(hosts: Sequence[str]) -> list[Any]:
    from cryptography import x509

    names: list[Any] = []
    for host in hosts:
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            names.append(x509.DNSName(host))
    return names


def _fingerprint(path: Path) -> str:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    der = x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)
    digest = hashlib.sha256(der).hexdigest().upper()
    return ":".join(digest[place : place + 2] for place in range(0, len(digest), 2))
