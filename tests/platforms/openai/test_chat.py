"""POST /v1/chat/completions and GET /v1/models: real clients, a real server that only reads."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voice.errors import EngineError, InputError, SetupError
from voice.platforms.openai.chat import MAX_TURNS, parse_chat, render_chat, render_chunks
from voice.platforms.openai.events import render_events
from voice.settings import Settings
from voice.simulate import open_caller, trusting_settings
from voice.simulate.openai import OpenAICaller
from voice.types import Reply

PATH = "/v1/chat/completions"
QUESTION = "Is it bad to crack my back?"
UNCLEAR = "my back cracks"
ANSWER = "No, not in moderation"


def user(*texts):
    return [{"role": "user", "content": text} for text in texts]


def ask(client, *texts, **more):
    return client.post(PATH, {"model": "faq", "messages": user(*texts), **more})


def test_question_is_answered(reader):
    completion = reader.chat.completions.create(model="faq", messages=user(QUESTION))
    choice = completion.choices[0]
    assert choice.message.content.startswith(ANSWER)
    assert choice.message.role == "assistant"
    assert choice.finish_reason == "stop"
    assert completion.usage.total_tokens == 0
    assert completion.reply["status"] == "answer"


def test_streamed_answer_is_the_same(reader):
    whole = reader.chat.completions.create(model="faq", messages=user(QUESTION))
    with reader.chat.completions.create(
        model="faq",
        messages=user(QUESTION),
        stream=True,
        stream_options={"include_usage": True},
    ) as stream:
        chunks = list(stream)
    choices = [chunk.choices[0] for chunk in chunks if chunk.choices]
    content = "".join(choice.delta.content or "" for choice in choices)
    assert content == whole.choices[0].message.content
    assert [choice.finish_reason for choice in choices] == [None, "stop"]
    assert len({chunk.id for chunk in chunks}) == 1
    assert chunks[-1].usage.total_tokens == 0


def test_messages_are_one_conversation(reader):
    asked_back = reader.chat.completions.create(model="faq", messages=user(UNCLEAR))
    assert asked_back.reply["status"] == "clarify"
    offered = asked_back.reply["candidates"][1]["question"]
    messages = [
        {"role": "system", "content": "You are helpful."},
        *user(UNCLEAR),
        {"role": "assistant", "content": asked_back.choices[0].message.content},
        *user("the second one"),
    ]
    chosen = reader.chat.completions.create(model="faq", messages=messages)
    assert chosen.reply["question"] == offered
    again = [*messages, {"role": "assistant", "content": "…"}, *user("repeat that")]
    repeated = reader.chat.completions.create(model="faq", messages=again)
    assert repeated.choices[0].message.content == chosen.reply["answer"]["text"]


def test_only_the_last_turns_are_replayed(client):
    many = [UNCLEAR, *["what is the weather"] * (MAX_TURNS - 1), "the first one"]
    assert ask(client, *many).json()["reply"]["status"] != "answer"
    assert len(parse_chat({"model": "faq", "messages": user(*"ab" * 50)}).questions) == MAX_TURNS


def test_content_may_be_parts_of_text(client):
    parts = [{"type": "text", "text": "Is it bad"}, {"type": "text", "text": "to crack my back?"}]
    reply = ask(client, parts).json()["reply"]
    assert reply["speech"].startswith(ANSWER)


def test_models_are_listed(reader, official):
    assert [model.id for model in reader.models.list()] == ["faq"]
    assert [model.id for model in official.models.list()] == ["faq", "open", "speech"]
    assert reader.models.retrieve("faq").owned_by == "voice"


@pytest.mark.parametrize("text", ["", " ", "\ud800 back", "a\0b", "😀", "‮back", "<b>&"])
def test_odd_texts_are_answered(client, text):
    answer = ask(client, text)
    assert answer.status == 200
    assert answer.json()["choices"][0]["message"]["content"]


def test_the_log_holds_no_question(text_server, client):
    ask(client, "a most private question")
    assert "private" not in text_server.log.read_text()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
MESSAGES = st.lists(st.fixed_dictionaries({"role": st.just("user") | JSON, "content": JSON}))


PATIENTLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENTLY
@given(
    st.dictionaries(st.text(), JSON)
    | st.fixed_dictionaries(
        {"model": st.just("faq"), "messages": MESSAGES | JSON},
        optional={"n": JSON, "stream": JSON, "stream_options": JSON},
    )
)
def test_no_object_crashes_the_parser(value):
    try:
        outcome = parse_chat(value).questions
    except InputError as error:
        outcome = error.http_status
    assert outcome in (400, 404, 413) or all(isinstance(text, str) for text in outcome)


@PATIENTLY
@given(st.text())
def test_every_reply_renders(speech):
    reply = Reply("answer", speech)
    assert json.loads(json.dumps(render_chat(reply)))["choices"][0]["message"]["content"] == speech
    lines = render_events(render_chunks(reply, True)).decode().split("\n\n")
    assert lines[-2:] == ["data: [DONE]", ""]
    chunks = [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]
    assert chunks[0]["choices"][0]["delta"]["content"] == speech


def test_simulated_caller_holds_a_conversation(text_server, tmp_path):
    settings = Settings(**trusting_settings("openai", tmp_path))
    caller = open_caller("openai", f"http://127.0.0.1:{text_server.client.port}", settings)
    assert caller.start() is None
    assert caller.say(QUESTION).speech.startswith(ANSWER)
    assert caller.say("repeat that").speech.startswith(ANSWER)
    assert caller.say("goodbye").ended
    caller.close()


def test_simulated_caller_tells_what_is_wrong(start_server, serve_front):
    server = start_server(stt="off", tts="off", api_keys="sesame")
    caller = OpenAICaller(f"http://127.0.0.1:{server.client.port}", "wrong")
    with pytest.raises(SetupError, match="refuses .401.*a key is needed"):
        caller.say("hello")
    caller.close()
    unreachable = OpenAICaller("http://127.0.0.1:9")
    with pytest.raises(SetupError, match="does not answer; is a server running there"):
        unreachable.say("hello")
    unreachable.close()


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b"<p>", b'{"choices": [{"message": {}}]}'])
def test_simulated_caller_takes_no_other_answer(serve_front, body):
    async def app(scope, receive, send):
        await receive()
        start = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)
        await send({"type": "http.response.body", "body": body})

    caller = OpenAICaller(f"http://127.0.0.1:{serve_front(app).port}")
    with pytest.raises(EngineError, match="no completion"):
        caller.say("hello")
    caller.close()
