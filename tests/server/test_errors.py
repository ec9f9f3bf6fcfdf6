"""Errors are JSON on every route, and tell nothing of our insides."""

from __future__ import annotations

import re

import pytest

from voice.errors import VoiceError
from voice.server.front import create_front


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("POST", "/nothing", 404, "not_found"),
        ("GET", "/page/nothing.js", 404, "not_found"),
        ("GET", "/page/../app.py", 404, "not_found"),
        ("GET", "/page/%2e%2e/app.py", 404, "not_found"),
        ("GET", "/page/..%2fapp.py", 404, "not_found"),
        ("GET", "/page/index.html%00", 404, "not_found"),
        ("GET", "/%ff%00", 404, "not_found"),
        ("GET", "/ask", 405, "method_not_allowed"),
        ("GET", "/listen", 405, "method_not_allowed"),
        ("DELETE", "/ask", 405, "method_not_allowed"),
        ("POST", "/", 405, "method_not_allowed"),
        ("PUT", "/health/live", 405, "method_not_allowed"),
    ],
)
def test_every_error_is_json(client, method, path, status, error):
    answer = client.request(method, path)
    assert (answer.status, answer.error) == (status, error)


def test_a_wrong_method_is_told_the_right_ones(client):
    assert "POST" in client.get("/ask").headers["allow"]


def test_head_and_options_work(client):
    assert client.request("HEAD", "/health/live").status == 200
    assert "POST" in client.request("OPTIONS", "/ask").headers["allow"]


def test_upgrades_are_answered_as_plain_http(client):
    answer = client.request("GET", "/ws/talk", Connection="Upgrade", Upgrade="websocket")
    assert (answer.status, answer.error) == (404, "not_found")


@pytest.mark.parametrize("asked", ["abc-123", "A" * 64])
def test_a_sane_request_id_is_kept(client, asked):
    assert client.get("/health/live", X_Request_ID=asked).headers["x-request-id"] == asked


@pytest.mark.parametrize("asked", [None, "", "a b", "x" * 65, "<script>", "ä"])
def test_every_response_has_a_request_id(client, asked):
    headers = {} if asked is None else {"X_Request_ID": asked}
    for path in ("/health/live", "/nothing"):
        given = client.get(path, **headers).headers["x-request-id"]
        assert re.fullmatch("[0-9a-f]{16}", given)


def test_a_surprise_is_a_500_with_the_id_of_the_log(serve_front, settings, caplog):
    def broken_app(environ, start_response):
        raise RuntimeError("secret detail")

    answer = serve_front(create_front(broken_app, settings)).get("/")
    assert (answer.status, answer.error) == (500, VoiceError.code)
    assert "secret" not in answer.body.decode()
    assert answer.headers["x-request-id"] in answer.json()["error"]["message"]
    assert answer.headers["x-request-id"] in caplog.text


def test_the_log_has_no_questions_and_no_query_strings(text_server):
    text_server.client.request(
        "POST", "/ask?explain=1&secret=querysecret", "a bodysecret", Content_Type="text/plain"
    )
    text_server.client.get("/line%0abreak?querysecret")
    log = text_server.log.read_text()
    assert "POST /ask 200" in log
    assert "querysecret" not in log
    assert "bodysecret" not in log
    assert "\nbreak" not in log
    assert "Traceback" not in log


def test_questions_are_logged_where_the_owner_says_so(start_server):
    server = start_server(stt="off", tts="off", log_questions="true", log_level="info")
    server.client.ask("does this reach the log")
    assert "does this reach the log" in server.log.read_text()
