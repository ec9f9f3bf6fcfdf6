"""Calls that are not taken for Alexa's, on a real server over a real socket."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from servers import Answer, RunningServer

from voice.simulate.alexa import AlexaCaller

Send = Callable[..., Answer]


def _assert_refused(answer: Answer, status: int = 400, code: str = "not_from_alexa") -> None:
    assert (answer.status, answer.error) == (status, code)


def test_unsigned_calls_are_refused(server: RunningServer, caller: AlexaCaller) -> None:
    body = caller.envelope({"type": "LaunchRequest"})
    _assert_refused(server.client.post("/hook/alexa", body))
    headers = caller.sign(b"another body")
    named = {name.replace("-", "_"): value for name, value in headers.items()}
    _assert_refused(server.client.post("/hook/alexa", body, **named))


def test_a_chain_that_is_not_there_or_not_amazons(send: Send, caller: AlexaCaller) -> None:
    body = caller.envelope({"type": "LaunchRequest"})
    folder = "https://s3.amazonaws.com/echo.api"
    for url in (f"{folder}/gone.pem", f"{folder}/../x.pem", "https://evil.example/echo.api/x.pem"):
        _assert_refused(send(body, SignatureCertChainUrl=url))


def test_replayed_calls_and_other_skills_are_refused(send: Send, caller: AlexaCaller) -> None:
    body = caller.envelope({"type": "LaunchRequest", "timestamp": "2020-01-01T00:00:00Z"})
    _assert_refused(send(body))
    body = caller.envelope({"type": "LaunchRequest"})
    body["context"]["System"]["application"] = {"applicationId": "amzn1.ask.skill.other"}
    _assert_refused(send(body))


@pytest.mark.parametrize("body", [b"", b"null", b"[" * 100_000, b"\xef\xbb\xbf{}", b"{\xe9}"])
def test_signed_nonsense_is_refused(send: Send, body: bytes) -> None:
    _assert_refused(send(body))


def test_a_large_body_is_refused(send: Send) -> None:
    _assert_refused(send(b" " * (1 << 20)), 413, "too_large")
    _assert_refused(send(b" " * ((128 << 10) + 1)), 413, "too_large")
    _assert_refused(send(b" " * (128 << 10)))


def test_without_skill_ids_it_is_off(text_server: RunningServer) -> None:
    answer = text_server.client.post("/hook/alexa", {})
    assert (answer.status, answer.error) == (503, "not_set_up")


def test_nothing_of_all_this_failed_inside(server: RunningServer) -> None:
    assert "Traceback" not in server.log.read_text()
