"""Twilio's signature: the published example, the second token, and everything that is not it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pydantic import SecretStr
from ruamel.yaml import YAML

from voice.errors import InputError, SetupError
from voice.platforms.twilio.signature import Signatures, sign, signed_fields

CASES: list[dict[str, Any]] = YAML(typ="safe").load(
    Path(__file__).parents[2] / "cases" / "twilio_signatures.yaml"
)
EXAMPLE = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}


def signatures(public: str, *tokens: str) -> Signatures:
    return Signatures(public.rstrip("/"), [SecretStr(token) for token in tokens])


def test_the_published_example() -> None:
    check = signatures("https://mycompany.com", "12345").check
    target = "/myapp.php?foo=1&bar=2"
    check("RSOYDt4T1cUTdK1PDd93/VVr8B8=", target, EXAMPLE.items())
    for wrong in ("RSOYDt4T1cUTdK1PDd93/VVr8B9=", "", "é", "\udcff", "A" * 100_000):
        with pytest.raises(InputError) as caught:
            check(wrong, target, EXAMPLE.items())
        assert (caught.value.http_status, caught.value.code) == (403, "bad_signature")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    came = parse_qsl(case["form"], keep_blank_values=True)
    signed = "".join(name + value for name, value in case.get("fields", sorted(set(came))))
    signature = sign(b"secret", case["signed"] + signed).decode()
    check = signatures(case["public"], "other", "secret").check
    if case["fits"]:
        check(signature, case["target"], came)
    else:
        with pytest.raises(InputError):
            check(signature, case["target"], came)


def test_either_of_two_tokens_fits_and_no_third() -> None:
    both = signatures("https://faq.example", "new", "old")
    rest = "https://faq.example/hook/twilio" + signed_fields([("A", "1")])
    for token in (b"new", b"old"):
        both.check(sign(token, rest).decode(), "/hook/twilio", [("A", "1")])
    for token in (b"newer", b""):
        with pytest.raises(InputError):
            both.check(sign(token, rest).decode(), "/hook/twilio", [("A", "1")])


def test_without_tokens_nobody_comes_in() -> None:
    empty = sign(b"", "https://faq.example/hook/twilio").decode()
    with pytest.raises(InputError):
        signatures("https://faq.example").check(empty, "/hook/twilio", [])


@pytest.mark.parametrize(
    "address", ["faq.example", "ftp://faq.example", "https://a:b", "https://["]
)
def test_what_is_no_address_is_told_at_the_start(address: str) -> None:
    with pytest.raises(SetupError, match="VOICE_PUBLIC_URL"):
        signatures(address, "secret")
