"""An authority of the tests' own, and calls that it signs."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from voice.platforms.alexa.certificates import Certificates
from voice.platforms.alexa.verify import Verifier
from voice.platforms.protocol import HookRequest
from voice.simulate.certificates import Authority, as_pem, new_key

SKILL = "amzn1.ask.skill.mine"
CHAIN_URL = "https://s3.amazonaws.com/echo.api/echo-api-cert.pem"


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority.create()


@pytest.fixture(scope="session")
def leaf_key() -> RSAPrivateKey:
    return new_key()


@pytest.fixture(scope="session")
def chain(authority: Authority, leaf_key: RSAPrivateKey) -> bytes:
    leaf = authority.issue(leaf_key, ["echo-api.amazon.com"])
    return as_pem(leaf, authority.certificate)


@pytest.fixture
def verifier(authority: Authority, chain: bytes) -> Verifier:
    """Return a verifier that trusts the tests' authority, for one skill and another."""
    certificates = Certificates(lambda url: chain, [authority.certificate])
    return Verifier([SKILL, "amzn1.ask.skill.other"], certificates)


def timestamp(moment: datetime | None = None) -> str:
    return (moment or datetime.now(timezone.utc)).strftime("%Y-%m-%dT%H:%M:%SZ")


def envelope(skill: str = SKILL, **request: Any) -> dict[str, Any]:
    application = {"applicationId": skill}
    return {
        "version": "1.0",
        "session": {"new": True, "application": application, "attributes": {}},
        "context": {"System": {"application": application}},
        "request": {"type": "LaunchRequest", "timestamp": timestamp(), "locale": "en-US"} | request,
    }


@pytest.fixture
def make_envelope() -> Callable[..., dict[str, Any]]:
    return envelope


@pytest.fixture
def sign(leaf_key: RSAPrivateKey) -> Callable[..., HookRequest]:
    """Return a signer of bodies, which may be values for JSON."""

    def signed(body: Any, url: str = CHAIN_URL) -> HookRequest:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = base64.b64encode(leaf_key.sign(data, PKCS1v15(), SHA256())).decode()
        return HookRequest(data, {"signaturecertchainurl": url, "signature-256": signature})

    return signed
