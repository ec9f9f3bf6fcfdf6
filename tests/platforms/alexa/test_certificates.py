"""Which chains are trusted, and how long."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from voice.errors import InputError
from voice.platforms.alexa import certificates as module
from voice.platforms.alexa.certificates import Certificates, read_roots
from voice.simulate.certificates import Authority, as_pem

NAME = "echo-api.amazon.com"
URL = "https://s3.amazonaws.com/echo.api/echo-api-cert.pem"
Make = Callable[[Authority, RSAPrivateKey], bytes]

NOW = datetime.now(timezone.utc)


def _issue(**options: object) -> Make:
    def make(authority: Authority, key: RSAPrivateKey) -> bytes:
        leaf = authority.issue(key, **{"names": [NAME], **options})
        return as_pem(leaf, authority.certificate)

    return make


UNTRUSTED: dict[str, Make] = {
    "expired": _issue(start=NOW - timedelta(days=366)),
    "not yet valid": _issue(start=NOW + timedelta(hours=1)),
    "common name only": _issue(names=[]),
    "another name": _issue(names=["echo-api.amazon.com.evil.example"], common_name=NAME),
    "of another authority": lambda _, key: _issue()(Authority.create(), key),
    "self-signed": lambda _, key: as_pem(Authority.create().certificate),
    "the authority itself": lambda authority, key: as_pem(authority.certificate),
    "empty": lambda _, key: b"",
    "no certificate": lambda _, key: b"<html>not found</html>",
    "broken": lambda _, key: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "leaf last": lambda authority, key: as_pem(authority.certificate, authority.issue(key, [NAME])),
}


class Host:
    """A host of chains that counts what is fetched."""

    def __init__(self, answer: bytes | Exception) -> None:
        self.answer = answer
        self.fetched: Counter[str] = Counter()

    def load(self, url: str) -> bytes:
        self.fetched[url] += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(timezone.utc)

    def __call__(self) -> datetime:
        return self.now


def _key_number(certificates: Certificates, url: str = URL) -> int:
    return certificates.key(url).public_numbers().n


def _assert_refused(certificates: Certificates, url: str = URL) -> None:
    with pytest.raises(InputError) as caught:
        certificates.key(url)
    assert (caught.value.http_status, caught.value.code) == (400, "not_from_alexa")


def test_a_sound_chain_gives_the_key_of_its_leaf(
    authority: Authority, leaf_key: RSAPrivateKey, chain: bytes
) -> None:
    certificates = Certificates(Host(chain).load, [authority.certificate])
    assert _key_number(certificates) == leaf_key.public_key().public_numbers().n


@pytest.mark.parametrize("kind", UNTRUSTED)
def test_other_chains_are_refused(
    authority: Authority, leaf_key: RSAPrivateKey, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    host = Host(UNTRUSTED[kind](authority, leaf_key))
    certificates = Certificates(host.load, [authority.certificate])
    _assert_refused(certificates)
    assert URL in caplog.text  # the owner learns why Alexa does not work
    _assert_refused(certificates)
    assert host.fetched[URL] == 1


def test_public_authorities_are_trusted_and_ours_is_not(chain: bytes) -> None:
    roots = read_roots()
    assert any("Amazon Root CA 1" in root.subject.rfc4514_string() for root in roots)
    _assert_refused(Certificates(Host(chain).load, roots))


def test_a_chain_is_remembered_for_a_while(authority: Authority, chain: bytes) -> None:
    host, clock = Host(chain), Clock()
    certificates = Certificates(host.load, [authority.certificate], clock)
    for _ in range(3):
        certificates.key(URL)
    assert host.fetched[URL] == 1
    clock.now += module.KEPT_FOR
    certificates.key(URL)
    assert host.fetched[URL] == 2


def test_a_chain_is_not_trusted_longer_than_it_is_valid(
    authority: Authority, leaf_key: RSAPrivateKey
) -> None:
    clock = Clock()
    start = clock.now - timedelta(days=365) + timedelta(minutes=5)
    host = Host(as_pem(authority.issue(leaf_key, [NAME], start)))
    certificates = Certificates(host.load, [authority.certificate], clock)
    certificates.key(URL)
    clock.now += timedelta(minutes=6)
    _assert_refused(certificates)


def test_a_fault_is_remembered_briefly(authority: Authority, chain: bytes) -> None:
    host, clock = Host(OSError("no route")), Clock()
    certificates = Certificates(host.load, [authority.certificate], clock)
    _assert_refused(certificates)
    host.answer = chain
    _assert_refused(certificates)
    clock.now += module.FAULT_KEPT_FOR
    certificates.key(URL)
    assert host.fetched[URL] == 2


def test_only_so_many_chains_are_kept_and_faults_push_none_out(
    authority: Authority, chain: bytes
) -> None:
    host = Host(chain)
    certificates = Certificates(host.load, [authority.certificate])
    urls = [f"{URL}?{number}" for number in range(module.MAX_CHAINS + 1)]
    for url in urls:
        certificates.key(url)
    host.answer = OSError("gone")
    for number in range(module.MAX_FAULTS + 10):
        _assert_refused(certificates, f"{URL}?bad{number}")
    for url in urls[1:]:
        certificates.key(url)  # still known
    _assert_refused(certificates, urls[0])


def test_many_calls_at_once_fetch_a_chain_once(authority: Authority, chain: bytes) -> None:
    released = threading.Event()
    host = Host(chain)

    def load(url: str) -> bytes:
        released.wait(10)
        return host.load(url)

    certificates = Certificates(load, [authority.certificate])
    with ThreadPoolExecutor(12) as threads:
        keys = [threads.submit(_key_number, certificates) for _ in range(12)]
        time.sleep(0.1)
        released.set()
        assert len({key.result() for key in keys}) == 1
    assert host.fetched[URL] == 1


def test_a_host_that_hangs_is_given_up(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FETCH_SECONDS", 0.2)
    released = threading.Event()

    def load(url: str) -> bytes:
        released.wait(20)
        return b""

    started = time.monotonic()
    _assert_refused(Certificates(load, [authority.certificate]))
    assert time.monotonic() - started < 10
    released.set()
