"""A certificate authority for tests, which issues what Amazon's issues for Alexa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID_FOR = timedelta(days=365)


def new_key() -> rsa.RSAPrivateKey:
    """Return a new key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def as_pem(*certificates: x509.Certificate) -> bytes:
    """Return certificates as one PEM file."""
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


def key_as_pem(key: rsa.RSAPrivateKey) -> bytes:
    """Return a private key as a PEM file without a password."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority with its own, self-signed certificate."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @classmethod
    def create(cls) -> Authority:
        """Return a new authority, valid from yesterday on."""
        key = new_key()
        name = _name("Test authority")
        start = datetime.now(timezone.utc) - timedelta(days=1)
        builder = _builder(name, name, key, (start, start + VALID_FOR))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        builder = builder.add_extension(_usage(signs_certificates=True), True)
        return cls(builder.sign(key, SHA256()), key)

    def issue(
        self,
        key: rsa.RSAPrivateKey,
        names: Sequence[str],
        start: datetime | None = None,
        common_name: str = "echo-api.amazon.com",
    ) -> x509.Certificate:
        """Return a server's certificate for DNS names, valid for a year, by default from now on."""
        start = start or datetime.now(timezone.utc) - timedelta(hours=1)
        issuer = self.certificate.subject
        builder = _builder(_name(common_name), issuer, key, (start, start + VALID_FOR))
        if names:
            listed = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            builder = builder.add_extension(listed, False)
        server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(server, False)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(above, False)
        builder = builder.add_extension(_usage(signs_certificates=False), True)
        return builder.sign(self.key, SHA256())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    valid: tuple[datetime, datetime],
) -> x509.CertificateBuilder:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(identifier, False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=not signs_certificates,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
