"""Who is taken for Alexa."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from voice.errors import InputError
from voice.platforms.alexa.verify import Verifier
from voice.platforms.protocol import HookRequest
from voice.simulate.certificates import new_key

Make = Callable[..., Any]
OTHER = "amzn1.ask.skill.other"


def _assert_refused(verifier: Verifier, request: HookRequest, match: str | None = None) -> None:
    with pytest.raises(InputError, match=match) as caught:
        verifier.check(request)
    assert (caught.value.http_status, caught.value.code) == (400, "not_from_alexa")


def _ago(seconds: float) -> str:
    moment = datetime.now(timezone.utc) - timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_call_of_alexas_is_taken(verifier: Verifier, sign: Make, make_envelope: Make) -> None:
    verifier.check(sign(make_envelope()))
    verifier.check(sign(make_envelope(OTHER)))


# --- the signature -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["signaturecertchainurl", "signature-256"])
@pytest.mark.parametrize("value", [None, "", "x", "\x00", "é", "A===", "QUFB"])
def test_headers_that_are_missing_or_wrong(
    verifier: Verifier, sign: Make, make_envelope: Make, name: str, value: str | None
) -> None:
    request = sign(make_envelope())
    headers = {key: text for key, text in request.headers.items() if key != name}
    if value is not None:
        headers[name] = value
    _assert_refused(verifier, replace(request, headers=headers))


def test_a_signature_with_line_breaks_or_of_another_alphabet(
    verifier: Verifier, sign: Make, make_envelope: Make
) -> None:
    request = sign(make_envelope())
    good = request.headers["signature-256"]
    for bad in (good[:40] + "\n" + good[40:], good + "\n", f" {good}", good + "=", good[:-4]):
        _assert_refused(
            verifier, replace(request, headers={**request.headers, "signature-256": bad})
        )


def test_one_changed_byte(verifier: Verifier, sign: Make, make_envelope: Make) -> None:
    request = sign(make_envelope())
    _assert_refused(verifier, replace(request, body=request.body + b" "), "Signature-256")
    _assert_refused(verifier, replace(request, body=request.body.replace(b"en-US", b"en-GB")))


def test_another_key_and_the_old_hash(
    verifier: Verifier, sign: Make, make_envelope: Make, leaf_key: RSAPrivateKey
) -> None:
    request = sign(make_envelope())
    signature = base64.b64encode(leaf_key.sign(request.body, PKCS1v15(), SHA1())).decode()
    headers = {**request.headers, "signature-256": signature, "signature": signature}
    _assert_refused(verifier, replace(request, headers=headers))
    headers.pop("signature-256")
    _assert_refused(verifier, replace(request, headers=headers), "must be there")
    stranger = new_key().sign(request.body, PKCS1v15(), SHA1())
    headers["signature-256"] = base64.b64encode(stranger).decode()
    _assert_refused(verifier, replace(request, headers=headers))


def test_nothing_is_parsed_before_the_signature_holds(verifier: Verifier, sign: Make) -> None:
    request = sign(b"{")
    _assert_refused(verifier, request, "not JSON")
    _assert_refused(verifier, replace(request, body=b"["), "Signature-256")


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'"x"', b"3", b"{}", b"\xff", b"\xef\xbb\xbf{}", b"[" * 100_000]
    + [b'{"a":' * 65 + b"1" + b"}" * 65, b'{"a": NaN}', b'{"a":1,"a":1}', "{é}".encode("latin-1")],
    ids=lambda body: repr(body[:12]),
)
def test_signed_bodies_that_are_no_call(verifier: Verifier, sign: Make, body: bytes) -> None:
    _assert_refused(verifier, sign(body))


# --- the time ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [140, -140, 0])
def test_times_near_now(
    verifier: Verifier, sign: Make, make_envelope: Make, seconds: float
) -> None:
    verifier.check(sign(make_envelope(timestamp=_ago(seconds))))


@pytest.mark.parametrize("seconds", [160, -160, 86_400, -86_400, 4000 * 86_400])
def test_replayed_and_future_calls(
    verifier: Verifier, sign: Make, make_envelope: Make, seconds: float
) -> None:
    _assert_refused(verifier, sign(make_envelope(timestamp=_ago(seconds))), "timestamp")


@pytest.mark.parametrize(
    ("kind", "seconds", "taken"),
    [
        ("AlexaSkillEvent.SkillEnabled", 3500, True),
        ("AlexaSkillEvent.SkillDisabled", 3700, False),
        ("SessionEndedRequest", 3500, False),
    ],
)
def test_events_of_skills_may_be_older(
    verifier: Verifier, sign: Make, make_envelope: Make, kind: str, seconds: float, taken: bool
) -> None:
    body = make_envelope(type=kind, timestamp=_ago(seconds))
    body.pop("session")
    if taken:
        verifier.check(sign(body))
    else:
        _assert_refused(verifier, sign(body), "timestamp")


@pytest.mark.parametrize(
    "timestamp",
    [None, "", 0, 1.5, True, [], {}, "now", "2026", "2026-13-01T00:00:00Z", "2026-01-01T24:61:00Z"]
    + ["----------T::::::::Z", "0000-00-00T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00Z"]
    + ["2026-01-01T00:00:00+00:00", "٢٠٢٦-٠١-٠١T٠٠:٠٠:٠٠Z", "9" * 5000],
    ids=repr,
)
def test_what_is_no_time(
    verifier: Verifier, sign: Make, make_envelope: Make, timestamp: Any
) -> None:
    _assert_refused(verifier, sign(make_envelope(timestamp=timestamp)), "timestamp")
    body = make_envelope()
    del body["request"]["timestamp"]
    _assert_refused(verifier, sign(body), "timestamp")


def test_fractions_of_seconds(verifier: Verifier, sign: Make, make_envelope: Make) -> None:
    for fraction in (".1Z", ".123Z", ".123456789Z"):
        verifier.check(sign(make_envelope(timestamp=_ago(0).replace("Z", fraction))))


# --- the skill -----------------------------------------------------------------------------------


@pytest.mark.parametrize("skill", ["", "amzn1.ask.skill.stranger", "AMZN1.ASK.SKILL.MINE", None, 7])
def test_calls_for_other_skills(
    verifier: Verifier,
    sign: Make,
    make_envelope: Make,
    skill: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _assert_refused(verifier, sign(make_envelope(skill)), "another skill")
    assert "another skill" in caplog.text


@pytest.mark.parametrize("place", ["session", "context"])
@pytest.mark.parametrize("skill", [OTHER, "amzn1.ask.skill.stranger"])
def test_both_places_must_name_the_same_skill(
    verifier: Verifier, sign: Make, make_envelope: Make, place: str, skill: str
) -> None:
    body = make_envelope()
    holder = body["session"] if place == "session" else body["context"]["System"]
    holder["application"] = {"applicationId": skill}
    _assert_refused(verifier, sign(body), "another skill")


@pytest.mark.parametrize("session", [[], "x", {}, {"application": None}, 0, False])
def test_a_session_must_name_it_where_there_is_one(
    verifier: Verifier, sign: Make, make_envelope: Make, session: Any
) -> None:
    _assert_refused(verifier, sign({**make_envelope(), "session": session}), "another skill")
    verifier.check(sign({**make_envelope(), "session": None}))


@pytest.mark.parametrize(
    "context", [None, [], {}, {"System": None}, {"System": {"application": 1}}]
)
def test_the_context_must_name_it(
    verifier: Verifier, sign: Make, make_envelope: Make, context: Any
) -> None:
    _assert_refused(verifier, sign({**make_envelope(), "context": context}), "another skill")


@given(data=st.data())
@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
def test_no_signed_object_crashes(
    verifier: Verifier, sign: Make, make_envelope: Make, data: st.DataObject
) -> None:
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=6,
    )
    body = make_envelope()
    for key in ("session", "context", "request"):
        if data.draw(st.booleans()):
            body[key] = data.draw(values)
    with suppress(InputError):
        verifier.check(sign(json.dumps(body).encode()))
