"""The keys that Alexa signs with: chains fetched, checked to a trusted root, and remembered."""

from __future__ import annotations

import logging
import re
import threading
import warnings
from collections.abc import Callable, Sequence
from concurrent import futures
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from voice.errors import DeadlineError
from voice.flight import SingleFlight
from voice.platforms.alexa.chains import refused

SUBJECT: Final = "echo-api.amazon.com"  # must be among the names of the certificate
FETCH_SECONDS: Final = 2.0
WAIT_SECONDS: Final = 3.0  # for a chain that another call is fetching
FETCHERS: Final = 4
MAX_CHAINS: Final = 8
MAX_FAULTS: Final = 64
KEPT_FOR: Final = timedelta(hours=24)  # or until a certificate ends
FAULT_KEPT_FOR: Final = timedelta(seconds=10)  # so that bad addresses are not fetched all the time

_PEM: Final = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_LOG = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(timezone.utc)


def read_roots(further: Path | None = None) -> list[x509.Certificate]:
    """Return the public certificate authorities, and those of a further file.

    Raises OSError and ValueError when the further file cannot be read.
    """
    roots = [] if further is None else x509.load_pem_x509_certificates(further.read_bytes())
    with warnings.catch_warnings():
        # Old authorities break today's rules: this version warns of them, a later one refuses.
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        for pem in _PEM.findall(Path(DEFAULT_CA_BUNDLE_PATH).read_bytes()):
            with suppress(CryptographyDeprecationWarning, ValueError):
                roots.append(x509.load_pem_x509_certificate(pem))
    return roots


@dataclass(frozen=True, slots=True)
class _Finding:
    """What is known of one chain: its key, None when there is something wrong with it."""

    until: datetime
    key: RSAPublicKey | None


class _Memory:
    """Findings by address; the oldest is forgotten when there are too many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._findings: dict[str, _Finding] = {}
        self._lock = threading.Lock()

    def get(self, url: str, now: datetime) -> _Finding | None:
        """Return what still counts."""
        finding = self._findings.get(url)
        return finding if finding is not None and now < finding.until else None

    def put(self, url: str, finding: _Finding) -> None:
        """Remember a finding, as the newest."""
        with self._lock:
            self._findings.pop(url, None)
            self._findings[url] = finding
            if len(self._findings) > self._most:
                del self._findings[next(iter(self._findings))]


class Certificates:
    """Give the key of a chain; safe to share between threads."""

    def __init__(
        self,
        load: Callable[[str], bytes],
        roots: Sequence[x509.Certificate],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._load = load
        self._store = Store(list(roots))
        self._now = now
        self._threads = futures.ThreadPoolExecutor(FETCHERS, thread_name_prefix="alexa-chain")
        self._flight = SingleFlight[_Finding]()
        # Apart: strangers can make us remember any number of faults, but none of Amazon's chains.
        self._sound, self._faulty = _Memory(MAX_CHAINS), _Memory(MAX_FAULTS)

    def key(self, url: str) -> RSAPublicKey:
        """Return the key of the chain at a checked address.

        Raises InputError when the chain cannot be had in time, is not Amazon's or not valid now.
        """
        finding = self._known(url)
        if finding is None:
            try:
                finding = self._flight.run(url, lambda _: self._find(url), WAIT_SECONDS)
            except DeadlineError:
                raise refused("the certificate chain cannot be had in time") from None
        if finding.key is None:
            raise refused("the certificate chain is not trusted; the log here says why")
        return finding.key

    def _known(self, url: str) -> _Finding | None:
        now = self._now()
        return self._sound.get(url, now) or self._faulty.get(url, now)

    def _find(self, url: str) -> _Finding:
        known = self._known(url)  # another call may have found it a moment ago
        if known is not None:
            return known
        fetching = self._threads.submit(self._load, url)
        try:
            finding = self._check(fetching.result(FETCH_SECONDS))
            self._sound.put(url, finding)
        except futures.TimeoutError:
            finding = self._note_fault(url, f"it was not here within {FETCH_SECONDS:g} s")
        except OSError as error:
            finding = self._note_fault(url, f"it cannot be fetched: {error}")
        except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
            finding = self._note_fault(url, "it holds no certificates that can be used")
        except VerificationError as error:
            finding = self._note_fault(url, str(error))
        finally:
            fetching.cancel()
        return finding

    def _check(self, pem: bytes) -> _Finding:
        """Return the key of a chain, its leaf first, that leads to a root of ours."""
        leaf, *others = x509.load_pem_x509_certificates(pem)
        now = self._now()
        verifier = PolicyBuilder().store(self._store).time(now)
        chain = verifier.build_server_verifier(x509.DNSName(SUBJECT)).verify(leaf, others)
        key = leaf.public_key()
        if not isinstance(key, RSAPublicKey):
            raise ValueError("not an RSA key")
        return _Finding(min(now + KEPT_FOR, *(one.not_valid_after_utc for one in chain)), key)

    def _note_fault(self, url: str, fault: str) -> _Finding:
        _LOG.warning("no calls are taken for Alexa's with the chain at %s: %s", url, fault)
        finding = _Finding(self._now() + FAULT_KEPT_FOR, None)
        self._faulty.put(url, finding)
        return finding
