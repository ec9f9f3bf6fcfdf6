"""What simulated callers share: a secret that is kept, and a request that must succeed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import requests

from voice.errors import SetupError

TIMEOUT_SECONDS: Final = 15.0


def kept_secret(folder: Path, name: str) -> str:
    """Return the secret in that file of the folder; made where it is not there."""
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_hex(16), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def request(
    method: str, url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
) -> requests.Response:
    """Return the answer to a request; raises SetupError for none, or for one that refuses."""
    try:
        with requests.Session() as session:
            session.trust_env = False  # neither a proxy nor a .netrc has a say in this
            answer = session.request(
                method,
                url,
                data=data,
                headers=headers,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
    except requests.RequestException:
        where = url.partition("?")[0]
        raise SetupError(f"{where} does not answer; is a server running there?") from None
    if not answer.ok:
        raise SetupError(f"the server refuses ({answer.status_code}): {answer.text[:500]}")
    return answer
