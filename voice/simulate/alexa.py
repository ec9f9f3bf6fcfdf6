"""Alexa as a skill sees it: it understands, signs, keeps a session, and accepts no wrong answer."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from voice.errors import InputError, SetupError
from voice.faq.locate import faq_path
from voice.faq.readers import read_faq
from voice.settings import Settings
from voice.simulate.alexa_listening import Listening
from voice.simulate.alexa_strict import accepted, accepted_end
from voice.simulate.certificates import Authority, as_pem, key_as_pem, new_key
from voice.simulate.posting import request
from voice.simulate.protocol import Heard

SKILL_ID: Final = "amzn1.ask.skill.00000000-0000-4000-8000-000000000000"
CHAIN: Final = "echo-api-cert.pem"
CHAIN_URL: Final = f"https://s3.amazonaws.com/echo.api/{CHAIN}"
KEY: Final = "leaf-key.pem"
SUBJECT: Final = "echo-api.amazon.com"
MAX_SILENCES: Final = 1  # the reprompt is said once; silence after it ends the session


def trusting_settings(folder: Path) -> dict[str, object]:
    """Return settings that make a server in tests trust this caller.

    Authority, key and certificates are made in the folder, unless those there are still valid.
    """
    root, certificates = folder / "root.pem", folder / "certificates"
    if not _is_valid(certificates / CHAIN):
        certificates.mkdir(parents=True, exist_ok=True)
        authority, key = Authority.create(), new_key()
        leaf = authority.issue(key, [SUBJECT])
        _write_secret(folder / KEY, key_as_pem(key))
        root.write_bytes(as_pem(authority.certificate))
        (certificates / CHAIN).write_bytes(as_pem(leaf, authority.certificate))
    return {
        "alexa_skill_ids": SKILL_ID,
        "alexa_test_root": str(root),
        "alexa_test_certs": str(certificates),
    }


def open_caller(url: str, settings: Settings) -> AlexaCaller:
    """Return a caller; raises InputError when the settings are not those of a test."""
    if not settings.alexa_skill_ids or settings.alexa_test_root is None:
        raise InputError(
            "set VOICE_ALEXA_SKILL_IDS, VOICE_ALEXA_TEST_ROOT and VOICE_ALEXA_TEST_CERTS as the "
            "server has them"
        )
    return AlexaCaller(url, settings)


class AlexaCaller:
    """One session of one user."""

    def __init__(self, url: str, settings: Settings) -> None:
        assert settings.alexa_test_root is not None
        self._url = f"{url}/hook/alexa"
        self._key = _read_key(settings.alexa_test_root.with_name(KEY))
        self._skill_id = settings.alexa_skill_ids[0]
        self._listening = _listening(faq_path(settings))
        self._session_id = f"amzn1.echo-api.session.{uuid.uuid4()}"
        self._is_new = True
        self._attributes: Mapping[str, Any] = {}
        self._reprompt = ""
        self._silences = 0

    def start(self) -> Heard:
        """Open the skill without a question."""
        return self._hear({"type": "LaunchRequest"})

    def say(self, text: str) -> Heard:
        """Say something as an intent of the skill; silence is met by the reprompt, then the end."""
        if text.strip():
            self._silences = 0
            return self._hear({"type": "IntentRequest", "intent": self._listening.intent(text)})
        if self._silences < MAX_SILENCES and self._reprompt:
            self._silences += 1
            return Heard(self._reprompt)
        self._end("EXCEEDED_MAX_REPROMPTS")
        return Heard("", ended=True)

    def close(self) -> None:
        """End the session as when the user says "exit", unless it has ended."""
        if not self._is_new:
            self._end("USER_INITIATED")

    def _hear(self, content: Mapping[str, Any]) -> Heard:
        sent, received = self._send(content)
        answer = accepted(received)
        self._is_new = answer.ends
        self._attributes = {} if answer.ends else answer.attributes
        self._reprompt = answer.reprompt
        return Heard(answer.speech, answer.ends, sent.decode(), received.decode())

    def _end(self, reason: str) -> None:
        _, received = self._send({"type": "SessionEndedRequest", "reason": reason})
        self._is_new, self._attributes = True, {}
        accepted_end(received)

    def _send(self, content: Mapping[str, Any]) -> tuple[bytes, bytes]:
        body = json.dumps(self.envelope(content)).encode()
        return body, request("POST", self._url, body, self.sign(body)).content

    def envelope(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return the whole of a request, made just now."""
        application, user = {"applicationId": self._skill_id}, {"userId": "amzn1.ask.account.TEST"}
        system = {"application": application, "user": user, "device": {"deviceId": "test"}}
        return {
            "version": "1.0",
            "session": {
                "new": self._is_new,
                "sessionId": self._session_id,
                "application": application,
                "attributes": dict(self._attributes),
                "user": user,
            },
            "context": {"System": system},
            "request": {
                "requestId": f"amzn1.echo-api.request.{uuid.uuid4()}",
                "timestamp": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "locale": self._listening.locale,
                **content,
            },
        }

    def sign(self, body: bytes) -> dict[str, str]:
        """Return the headers that belong to a body."""
        signature = self._key.sign(body, PKCS1v15(), SHA256())
        return {
            "Content-Type": "application/json;charset=UTF-8",
            "SignatureCertChainUrl": CHAIN_URL,
            "Signature-256": base64.b64encode(signature).decode(),
        }


@lru_cache(maxsize=1)  # it takes longer to read than a conversation takes
def _listening(faq: Path) -> Listening:
    return Listening(read_faq(faq))


def _is_valid(chain: Path) -> bool:
    try:
        leaf = x509.load_pem_x509_certificates(chain.read_bytes())[0]
    except (OSError, ValueError):
        return False
    return datetime.now(timezone.utc) < leaf.not_valid_after_utc


def _write_secret(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(data)


def _read_key(path: Path) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError) as error:
        raise SetupError(f"cannot read the key that signs calls: {error}") from None
    if not isinstance(key, RSAPrivateKey):
        raise SetupError(f"{path}: not an RSA key")
    return key
