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
from servers import Answer, RunningServer

from voice.platforms.alexa.certificates import Certificates
from voice.platforms.alexa.verify import Verifier
from voice.platforms.protocol import HookRequest
from voice.settings import Settings
from voice.simulate import open_caller, trusting_settings
from voice.simulate.alexa import AlexaCaller
from voice.simulate.certificates import Authority, as_pem, new_key

LONG = 'We bake & sell <bread> all day, "fresh" and it\'s warm 👩‍🍳 خبز. ' * 300
FAQ = """\
version: 1
title: Bakery
locale: en-GB
entries:
  - {id: hours, question: When are you open?, variants: [what are your hours], answer: At nine.}
  - {id: Öfen, question: How hot are your ovens?, answer: 230 degrees & more.}
  - {id: tour, question: Do you give tours for adults?, answer: On Sundays., more: At two.}
  - {id: kids, question: Do you give tours for children?, answer: On Mondays.}
  - {id: all, question: Tell me the whole story, answer: %s}
"""


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


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("alexa")
    settings = trusting_settings("alexa", folder)
    keys = [path.read_bytes() for path in sorted(folder.rglob("*.pem"))]
    assert trusting_settings("alexa", folder) == settings
    assert [path.read_bytes() for path in sorted(folder.rglob("*.pem"))] == keys
    faq = folder / "bakery.yaml"
    faq.write_text(FAQ % json.dumps(LONG, ensure_ascii=False), encoding="utf-8")
    return {**settings, "faq": str(faq)}


@pytest.fixture(scope="module")
def server(start_server: Callable[..., RunningServer], trusting: dict[str, Any]) -> RunningServer:
    command = ("-m", "voice", "serve", "--testing")
    return start_server(*command, stt="off", tts="off", log_level="info", **trusting)


@pytest.fixture
def caller(
    server: RunningServer, trusting: dict[str, Any], make_settings: Callable[..., Settings]
) -> AlexaCaller:
    url = f"http://127.0.0.1:{server.client.port}"
    caller = open_caller("alexa", url, make_settings(**trusting))
    assert isinstance(caller, AlexaCaller)
    return caller


@pytest.fixture
def send(server: RunningServer, caller: AlexaCaller) -> Callable[..., Answer]:
    """Return a sender of signed bodies, which may be values for JSON."""

    def signed(body: Any, **headers: str) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("-", "_"): value for name, value in caller.sign(data).items()}
        return server.client.request("POST", "/hook/alexa", data, **{**named, **headers})

    return signed
