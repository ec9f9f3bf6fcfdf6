"""What is read from Dialogflow's calls and what it is answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from voice.errors import InputError
from voice.faq.readers import read_faq
from voice.phrases import load_phrases
from voice.platforms.dialogflow import Dialogflow
from voice.platforms.protocol import HookRequest, PlatformContext
from voice.settings import Settings
from voice.types import Answer, Reply

TESTS = Path(__file__).parents[2]
CASES: list[dict[str, Any]] = YAML(typ="safe").load(TESTS / "cases" / "dialogflow.yaml")
SESSION = "projects/p/agent/sessions/s"


@pytest.fixture(scope="module")
def platform() -> Dialogflow:
    settings = Settings(dialogflow_token="sesame", dialogflow_basic="who:wëll")
    faq = read_faq(TESTS / "fixtures" / "museum.yaml")
    return Dialogflow(PlatformContext(settings, faq, load_phrases("en")))


def call(platform: Dialogflow, body: Any) -> Any:
    return platform.parse(HookRequest(json.dumps(body).encode()))


def status_of_refusal(platform: Dialogflow, body: bytes) -> int | None:
    try:
        platform.parse(HookRequest(body))
    except InputError as error:
        return error.http_status
    return None


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_turn(platform: Dialogflow, case: dict[str, Any]) -> None:
    parsed = call(platform, case["body"])
    wanted = case["turn"]
    assert {name: getattr(parsed.turn, name) for name in wanted} == wanted
    if "pages" in case:
        assert (parsed.turn.channel.page_chars is not None) == case["pages"]
    if "transfer" in case:
        assert (parsed.transfer and parsed.transfer.number) == case["transfer"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"\xff\xfe", 400),
        (b'{"queryResult": NaN}', 400),
        (b'{"a": 1, "a": 2}', 400),
        (b'{"a":' + b"[" * 100 + b"]" * 100 + b"}", 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"x"', 422),
        (b"3", 422),
        (b'{"text": "' + b"a" * (128 << 10) + b'"}', 413),
    ],
)
def test_what_is_no_call_is_refused(platform: Dialogflow, body: bytes, status: int) -> None:
    with pytest.raises(InputError) as caught:
        platform.parse(HookRequest(body))
    assert caught.value.http_status == status


_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
_NAMES = st.sampled_from(
    ["queryResult", "queryText", "outputContexts", "name", "parameters", "session", "sessionInfo"]
    + ["text", "dtmfDigits", "payload", "telephony", "faq_offered", "languageCode", "triggerEvent"]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=5),
    max_leaves=20,
)


@hypothesis_settings(deadline=None)
@given(body=st.dictionaries(_NAMES, _JSON, max_size=6), speech=_TEXT)
def test_no_object_crashes(platform: Dialogflow, body: dict[str, Any], speech: str) -> None:
    refused = status_of_refusal(platform, json.dumps(body).encode())
    if refused is not None:
        assert refused == 400  # 1e999 and the like
        return
    parsed = call(platform, body)
    assert parsed.turn.text == parsed.turn.text.encode().decode()
    said = speech.encode("utf-8", "replace").decode()
    answers = [platform.render(parsed, Reply("answer", said)), platform.sorry(parsed, "error")]
    assert all(isinstance(json.loads(answer.body), dict) for answer in answers)


@given(st.binary(max_size=200))
def test_no_bytes_crash(platform: Dialogflow, body: bytes) -> None:
    assert status_of_refusal(platform, body) in (None, 400, 422)


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer sesame"},
        {"authorization": "bearer sesame"},
        {"x-voice-token": "sesame"},
        {"x-voice-token": "sesame", "authorization": "Bearer some-google-token"},
        {"authorization": "Basic d2hvOnfDq2xs"},
    ],
)
def test_who_knows_the_secret_comes_in(platform: Dialogflow, headers: dict[str, str]) -> None:
    platform.verify(HookRequest(b"", headers))


def test_a_secret_may_have_any_letters(make_settings: Callable[..., Settings]) -> None:
    faq = read_faq(TESTS / "fixtures" / "museum.yaml")
    settings = make_settings(dialogflow_token="wëll")
    platform = Dialogflow(PlatformContext(settings, faq, load_phrases("en")))
    as_headers_come = "wëll".encode().decode("latin-1")
    platform.verify(HookRequest(b"", {"x-voice-token": as_headers_come}))
    platform.verify(HookRequest(b"", {"authorization": f"Bearer {as_headers_come}"}))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "sesame"},
        {"authorization": "Bearer sesame2"},
        {"authorization": "Bearer s\xe9same"},
        {"authorization": "Bearer \udcff"},
        {"authorization": "Basic sesame"},
        {"authorization": "Bearer d2hvOnfDq2xs"},
        {"authorization": "Basic " + "=" * 1000},
        {"authorization": "Digest sesame"},
        {"x-voice-token": ""},
        {"x-voice-token": "Sesame"},
    ],
)
def test_who_does_not_is_refused(platform: Dialogflow, headers: dict[str, str]) -> None:
    with pytest.raises(InputError) as caught:
        platform.verify(HookRequest(b"{}", headers))
    assert (caught.value.http_status, caught.value.code) == (401, "unauthorized")


@pytest.mark.parametrize("secret", ["dialogflow_token", "dialogflow_basic"])
def test_an_unset_secret_lets_nobody_in(
    secret: str, make_settings: Callable[..., Settings]
) -> None:
    faq = read_faq(TESTS / "fixtures" / "museum.yaml")
    context = PlatformContext(make_settings(**{secret: "a:b"}), faq, load_phrases("en"))
    for given_headers in (
        {"authorization": "Bearer None" if secret == "dialogflow_basic" else "Basic Tm9uZQ=="},
        {"authorization": "Bearer " if secret == "dialogflow_basic" else "Basic "},
        {"x-voice-token": ""},
    ):
        with pytest.raises(InputError):
            Dialogflow(context).verify(HookRequest(b"{}", given_headers))


@pytest.mark.parametrize("length", [10, 1_000, 20_000])
@pytest.mark.parametrize("alphabet", ["& < > \" '. ", "عربي. ", "🙂🙃. ", 'a"\\. '])
def test_any_answer_fits(platform: Dialogflow, alphabet: str, length: int) -> None:
    speech = (alphabet * length)[:length].strip()
    for body in ({"session": SESSION, "queryResult": {}}, {"text": "a"}):
        answer = platform.render(
            call(platform, body), Reply("answer", speech, conversation="t" * 4096)
        )
        assert len(answer.body) <= 64 << 10 or "text" in body
        received = json.loads(answer.body)
        messages = received.get("fulfillmentResponse", {}).get("messages", [{}])
        said = received.get("fulfillmentText") or messages[0]["text"]["text"][0]
        assert speech.startswith(said)
        assert said == speech or said.endswith(".")


def test_es_state_travels_in_our_context(platform: Dialogflow) -> None:
    parsed = call(platform, {"session": SESSION, "queryResult": {"queryText": "a"}})
    reply = Reply("answer", "Ten.", answer=Answer("price", "?", "Ten."), conversation="token")
    received = json.loads(platform.render(parsed, reply).body)
    context = {"name": f"{SESSION}/contexts/faq", "lifespanCount": 5}
    assert received["outputContexts"] == [{**context, "parameters": {"faq_conversation": "token"}}]
    assert received["payload"]["faq"] == {
        "status": "answer",
        "entry": "price",
        "end": False,
        "hand_off": False,
    }


def test_es_end_takes_the_context_away(platform: Dialogflow) -> None:
    parsed = call(platform, {"session": SESSION, "queryResult": {"queryText": "stop"}})
    reply = Reply("command", "Bye.", conversation="token", end_session=True)
    received = json.loads(platform.render(parsed, reply).body)
    assert received["outputContexts"][0]["lifespanCount"] == 0
    assert received["payload"]["faq"]["end"] is True


def test_es_without_a_session_names_no_context(platform: Dialogflow) -> None:
    parsed = call(platform, {"queryResult": {"queryText": "a"}})
    received = json.loads(platform.render(parsed, Reply("answer", "a", conversation="t")).body)
    assert "outputContexts" not in received


def test_cx_parameters_tell_the_flow(platform: Dialogflow) -> None:
    parsed = call(platform, {"text": "a"})
    clarify = Reply("clarify", "Which?", offered=3, conversation="token")
    told = json.loads(platform.render(parsed, clarify).body)["sessionInfo"]["parameters"]
    assert told == {
        "faq_conversation": "token",
        "faq_offered": 3,
        "faq_status": "clarify",
        "faq_found": True,
        "faq_end": False,
        "faq_hand_off": False,
    }
    unknown = json.loads(platform.render(parsed, Reply("unknown", "No.")).body)
    assert unknown["sessionInfo"]["parameters"]["faq_found"] is False
    ended = Reply("command", "Bye.", conversation="token", end_session=True)
    told = json.loads(platform.render(parsed, ended).body)["sessionInfo"]["parameters"]
    assert (told["faq_end"], told["faq_conversation"]) == (True, None)


@pytest.mark.parametrize("body", [{"session": SESSION, "queryResult": {}}, {"text": "a"}, None])
def test_sorry_says_the_phrase_and_keeps_the_conversation(
    platform: Dialogflow, body: dict[str, Any] | None
) -> None:
    parsed = None if body is None else call(platform, body)
    received = platform.sorry(parsed, "try_again").body.decode()
    assert load_phrases("en").say["try_again"] in received
    assert "sessionInfo" not in received
