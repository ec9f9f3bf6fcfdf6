"""POST /ask as callers use it, rightly and wrongly, at a real server."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

QUESTION = "Is it normal for your spine to crack?"
REPLY_FIELDS = [
    "status",
    "question",
    "speech",
    "answer",
    "score",
    "candidates",
    "transcript",
    "conversation",
    "end_session",
    "elapsed_ms",
]


def test_answers_json(client):
    answer = client.ask(QUESTION)
    assert answer.status == 200
    reply = answer.json()
    assert list(reply) == REPLY_FIELDS
    assert reply["status"] == "answer"
    assert reply["question"] == QUESTION
    assert reply["answer"]["text"] in reply["speech"]
    assert reply["transcript"] is None


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json; charset=utf-8", json.dumps({"question": QUESTION})),
        ("application/x-www-form-urlencoded", urlencode({"question": QUESTION})),
        ("text/plain", QUESTION),
        (
            "multipart/form-data; boundary=x",
            '--x\r\nContent-Disposition: form-data; name="question"\r\n\r\n'
            f"{QUESTION}\r\n--x--\r\n",
        ),
    ],
)
def test_takes_every_form_of_a_question(client, content_type, body):
    answer = client.request("POST", "/ask", body, Content_Type=content_type)
    assert answer.json()["question"] == QUESTION


@pytest.mark.parametrize(
    "question",
    [
        "\u201cIs it normal for your spine to crack?\u201d",
        " Is it normal\r\nfor your spine\nto crack ?\n",
        "is it normal for your spine to crack.",
        "\uff29s it normal for your spine\u00a0to crack\u2026",
    ],
)
def test_takes_what_dictation_writes(client, question):
    assert client.ask(question).json()["question"] == QUESTION
    answer = client.request("POST", "/ask", question.encode(), Content_Type="text/plain")
    assert answer.json()["question"] == QUESTION


def test_text_alone_is_what_is_said(client):
    answer = client.post("/ask", {"question": QUESTION}, Accept="text/plain")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.body.decode() == client.ask(QUESTION).json()["speech"]
    assert answer.headers["voice-status"] == "answer"
    assert answer.headers["voice-entry"] == "spine-crack-normal"
    conversation = answer.headers["voice-conversation"]
    again = client.post(
        "/ask", {"question": "repeat", "conversation": conversation}, Accept="text/plain"
    )
    assert again.headers["voice-status"] == "command"


@pytest.mark.parametrize(
    "accept",
    ["*/*", "application/json, text/plain, */*", "text/plain;q=0.5, application/json", "text/html"],
)
def test_json_comes_where_it_is_as_welcome(client, accept):
    assert client.post("/ask", {"question": QUESTION}, Accept=accept).json()["status"] == "answer"


def test_a_form_with_nameless_parts_is_refused(client):
    part = "--x\r\nContent-Disposition: form-data\r\n\r\nhello\r\n"
    body = f"{part}{part}--x--\r\n"
    answer = client.request("POST", "/ask", body, Content_Type="multipart/form-data; boundary=x")
    assert (answer.status, answer.error) == (400, "bad_request")


def test_refusals_are_json_whatever_was_asked_for(client):
    answer = client.post("/ask", {"question": 5}, Accept="text/plain")
    assert (answer.status, answer.error) == (422, "invalid_field")


def test_carries_the_conversation(client):
    first = client.ask(QUESTION).json()
    again = client.ask("repeat", conversation=first["conversation"]).json()
    assert again["status"] == "command"


def test_a_foreign_conversation_starts_afresh(client):
    assert client.ask(QUESTION, conversation="no token of ours").json()["status"] == "answer"


def test_explains_when_asked(client):
    explained = client.request(
        "POST", "/ask?explain=1", "my back pops a lot", Content_Type="text/plain"
    )
    assert explained.json()["explain"]
    assert "explain" not in client.ask("my back pops a lot").json()


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_nothing_asked_is_no_input(client, question):
    answer = client.ask(question)
    assert answer.status == 200
    assert answer.json()["status"] == "no_input"


def test_unknown_is_no_error(client):
    answer = client.ask("how do I file my tax return in Portugal")
    assert answer.status == 200
    assert answer.json()["status"] == "unknown"


@pytest.mark.parametrize(
    "question",
    ["spine\0crack", "\ud800", "a \udfff b", "\u202e\ufeff", "😀" * 100, "ß" * 19_000],
)
def test_odd_characters_are_questions_as_well(client, question):
    answer = client.ask(question)
    assert answer.status == 200
    assert answer.json()["status"] in ("answer", "clarify", "unknown", "no_input")


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"", 400, "bad_json"),
        (b"{", 400, "bad_json"),
        (b"\xff\xfe{\0}\0", 400, "bad_json"),
        (b'{"question": NaN}', 400, "bad_json"),
        (b'{"question": "a", "x": Infinity}', 400, "bad_json"),
        (b'{"question": "a", "x": 1e999}', 400, "bad_json"),
        (b'{"question": "a", "question": "b"}', 400, "bad_json"),
        (b'{"question": "a\0"}', 400, "bad_json"),
        (b'{"question": "a", "x": ' + b"9" * 5000 + b"}", 400, "bad_json"),
        (b"[" * 65 + b"]" * 65, 400, "bad_json"),
        (b"[" * 60_000, 400, "bad_json"),
        (b'{"a":' * 20_000, 400, "bad_json"),
        (b'["question"]', 422, "invalid_body"),
        (b'"question"', 422, "invalid_body"),
        (b"null", 422, "invalid_body"),
        (b"{}", 422, "invalid_field"),
        (b'{"question": null}', 422, "invalid_field"),
        (b'{"question": 1}', 422, "invalid_field"),
        (b'{"question": ["a"]}', 422, "invalid_field"),
        (b'{"question": "a", "locale": 5}', 422, "invalid_field"),
        (b'{"question": "a", "locale": "../../etc"}', 422, "invalid_field"),
        (b'{"question": "a", "conversation": {}}', 422, "invalid_field"),
        (b'{"question": "' + b"a" * 20_001 + b'"}', 413, "too_large"),
        (b'{"question": "a", "x": "' + b"a" * (128 << 10) + b'"}', 413, "too_large"),
    ],
)
def test_bad_json_is_refused(client, body, status, error):
    answer = client.request("POST", "/ask", body, Content_Type="application/json")
    assert (answer.status, answer.error) == (status, error)


@pytest.mark.parametrize("field", ["question", "locale", "conversation"])
def test_a_wrong_field_is_named(client, field):
    answer = client.ask("a", **{field: 7}) if field != "question" else client.ask(7)
    assert field in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/html", "<p>", 415),
        ("audio/wav", "RIFF", 415),
        ("application/xml", "<a/>", 415),
        ("", "question=a", 415),
        ("nonsense", "a", 415),
        ("text/plain", b"\xff\xff", 400),
        ("application/x-www-form-urlencoded", "question=a&question=b", 400),
        ("application/x-www-form-urlencoded", "other=a", 422),
        ("multipart/form-data", "no boundary", 422),
        ("multipart/form-data; boundary=x", "--x\r\nbroken", 422),
        ("text/plain", "a" * 20_001, 413),
        ("text/plain", "a" * 1_000_000, 413),
        ("application/x-www-form-urlencoded", "&".join(f"f{n}=" for n in range(2000)), 422),
    ],
)
def test_bad_bodies_are_refused(client, content_type, body, status):
    answer = client.request("POST", "/ask", body, Content_Type=content_type)
    assert answer.status == status
    assert answer.error


def test_speech_from_a_server_without_a_voice_is_503(client):
    answer = client.post("/ask", {"question": QUESTION}, Accept="audio/wav")
    assert (answer.status, answer.error) == (503, "setup")
    assert answer.headers["retry-after"]


@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json, audio/*;q=0.5", ""])
def test_json_is_given_unless_audio_is_wanted_more(client, accept):
    assert client.post("/ask", {"question": QUESTION}, Accept=accept).json()["answer"]
