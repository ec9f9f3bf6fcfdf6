"""What /v1/chat/completions does not take, at a real server that only reads."""

from __future__ import annotations

import json

import pytest
from openai import AuthenticationError, BadRequestError, NotFoundError

PATH = "/v1/chat/completions"
QUESTION = "Is it bad to crack my back?"


def user(*texts):
    return [{"role": "user", "content": text} for text in texts]


def test_unknown_models_are_404(reader):
    for wrong in (
        lambda: reader.chat.completions.create(model="gpt-9", messages=user(QUESTION)),
        lambda: reader.models.retrieve("gpt-9"),
    ):
        with pytest.raises(NotFoundError, match="gpt-9") as caught:
            wrong()
        assert caught.value.code == "model_not_found"
        assert caught.value.param == "model"
        assert caught.value.type == "invalid_request_error"


def test_pictures_are_refused(reader):
    picture = {"type": "image_url", "image_url": {"url": "http://127.0.0.1/a.png"}}
    with pytest.raises(BadRequestError, match="no images, audio or files") as caught:
        reader.chat.completions.create(model="faq", messages=user([picture]))
    assert caught.value.param == "messages.0.content"


def test_keys_are_asked_for(open_official, start_server):
    server = start_server(stt="off", tts="off", api_keys="sesame")
    right, wrong = open_official(server, "sesame"), open_official(server, "wrong")
    assert right.chat.completions.create(model="faq", messages=user(QUESTION)).choices
    for call in (
        lambda: wrong.chat.completions.create(model="faq", messages=user(QUESTION)),
        wrong.models.list,
        lambda: wrong.audio.transcriptions.create(model="open", file=("a.wav", b"RIFF")),
        lambda: wrong.audio.speech.create(model="tts-1", voice="alloy", input="hello"),
    ):
        with pytest.raises(AuthenticationError, match="a key is needed"):
            call()
    with pytest.raises(AuthenticationError) as caught:
        wrong.models.list()
    assert caught.value.code == "invalid_api_key"


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"messages": None}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": "hello"}, "messages"),
        ({"messages": ["hello"]}, "messages.0"),
        ({"messages": [{"role": "user"}]}, "messages.0.content"),
        ({"messages": [{"role": "wizard", "content": "hi"}]}, "messages.0.role"),
        ({"messages": [{"role": "system", "content": "hi"}]}, "messages"),
        ({"messages": user(5)}, "messages.0.content"),
        ({"messages": user(None)}, "messages.0.content"),
        ({"messages": user([5])}, "messages.0.content"),
        ({"messages": user([{"type": "text"}])}, "messages.0.content"),
        ({"messages": user([{"type": "text", "text": 5}])}, "messages.0.content"),
        ({"messages": user([{"type": ["text"], "text": ""}])}, "messages.0.content"),
        ({"messages": user([{"type": "input_audio", "input_audio": {}}])}, "messages.0.content"),
        ({"messages": user([{"type": "file", "file": {}}])}, "messages.0.content"),
        ({"n": 2}, "n"),
        ({"n": "1"}, "n"),
        ({"n": True}, "n"),
        ({"stream": "yes"}, "stream"),
        ({"stream_options": []}, "stream_options"),
        ({"model": None}, "model"),
        ({"model": ["faq"]}, "model"),
        ({"model": ""}, "model"),
    ],
)
def test_wrong_fields_are_named(client, refused, change, param):
    answer = client.post(PATH, {"model": "faq", "messages": user(QUESTION), **change})
    error = refused(answer, 400)
    assert error["param"] == param
    assert error["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"null", 422),
        (b"[]", 422),
        (b'{"model": "faq", "model": "faq"}', 400),
        (b'{"model": NaN}', 400),
        (b"\xff\xfe", 400),
        (b'{"messages":' + b"[" * 60_000, 400),
        (b'{"messages":' + b"[" * 80 + b"]" * 80 + b"}", 400),
        (json.dumps({"model": "faq", "messages": user("a" * 20_001)}).encode(), 413),
        (json.dumps({"model": "f" * 201, "messages": user("a")}).encode(), 413),
        (b'{"a": "' + b"a" * (200 << 10) + b'"}', 413),
    ],
)
def test_bad_bodies_are_refused(client, refused, body, status):
    refused(client.request("POST", PATH, body, Content_Type="application/json"), status)


def test_a_megabyte_is_refused_before_it_is_read(client):
    body = b'{"a": "' + b"a" * (1 << 20) + b'"}'
    answer = client.request("POST", PATH, body, Content_Type="application/json")
    assert (answer.status, answer.error) == (413, "too_large")


def test_other_types_and_methods_are_refused(client, refused):
    refused(client.request("POST", PATH, "hello", Content_Type="text/plain"), 415)
    assert client.get(PATH).status == 405
    assert client.get("/v1/engines").status == 404
