"""Whole conversations of both editions with a real server, over a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from servers import RunningServer

from voice.errors import SetupError
from voice.settings import Settings
from voice.simulate import SIMULATORS, open_caller, trusting_settings
from voice.simulate.dialogflow_cx import CxCaller
from voice.simulate.protocol import Caller

MUSEUM = Path(__file__).parents[2] / "fixtures" / "museum.yaml"
EDITIONS = [name for name in SIMULATORS if name.startswith("dialogflow")]


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("dialogflow")
    settings = trusting_settings("dialogflow-es", folder)
    assert settings == trusting_settings("dialogflow-cx", folder)
    return settings


@pytest.fixture(scope="module")
def server(start_server: Callable[..., RunningServer], trusting: dict[str, str]) -> RunningServer:
    return start_server(stt="off", tts="off", faq=str(MUSEUM), **trusting)


@pytest.fixture
def caller(
    request: pytest.FixtureRequest,
    server: RunningServer,
    trusting: dict[str, object],
    make_settings: Callable[..., Settings],
) -> Caller:
    url = f"http://127.0.0.1:{server.client.port}"
    return open_caller(request.param, url, make_settings(**trusting))


@pytest.mark.parametrize("caller", EDITIONS, indirect=True)
def test_a_conversation_from_greeting_to_goodbye(caller: Caller) -> None:
    greeting = caller.start()
    assert greeting is not None
    assert "What would you like to know?" in greeting.speech
    assert caller.say("how much is a ticket").speech.startswith("Ten pounds.")
    assert caller.say("repeat that").speech.startswith("Ten pounds.")
    assert "First:" in caller.say("guided tour").speech
    assert caller.say("the second one").speech.startswith("On Sundays at eleven.")
    assert not caller.say("who won the world cup").ended
    assert not caller.say("").ended
    assert caller.say("goodbye").ended
    caller.close()


@pytest.mark.parametrize("caller", ["dialogflow-cx"], indirect=True)
def test_keys_choose_repeat_and_ask_for_a_person(caller: CxCaller) -> None:
    caller.start()
    caller.say("guided tour")
    assert caller.parameters["faq_offered"] == 2
    assert caller.say("1").speech.startswith("Every day at two.")
    assert caller.parameters["faq_last"] == "tour-adults"
    assert caller.say("1").speech.startswith("Every day at two.")
    handed_off = caller.say("0")
    assert handed_off.speech == "Someone else can help you better."
    assert handed_off.ended
    assert caller.transferred_to == "+442079460000"


@pytest.mark.parametrize("caller", ["dialogflow-cx"], indirect=True)
def test_unknown_twice_is_told_to_the_flow(caller: CxCaller) -> None:
    caller.say("who won the world cup")
    assert caller.parameters["faq_found"] is False
    caller.say("how much is a ticket")
    assert caller.parameters["faq_found"] is True


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("secret", ["dialogflow_token", "dialogflow_basic"])
def test_a_stranger_is_refused(
    edition: str, secret: str, server: RunningServer, make_settings: Callable[..., Settings]
) -> None:
    url = f"http://127.0.0.1:{server.client.port}"
    with pytest.raises(SetupError, match="refuses.*401"):
        open_caller(edition, url, make_settings(**{secret: "who:knows"})).start()


def test_what_is_no_call_is_an_error_in_json(
    server: RunningServer, trusting: dict[str, str]
) -> None:
    token = {"X_Voice_Token": trusting["dialogflow_token"]}
    for body, status in ((b"[]", 422), (b"\xff", 400), (b"[" * 50_000, 400), (b"", 400)):
        answer = server.client.request("POST", "/hook/dialogflow", body, **token)
        assert (answer.status, bool(answer.error)) == (status, True)
    answer = server.client.request("POST", "/hook/dialogflow", b" " * (129 << 10), **token)
    assert (answer.status, answer.error) == (413, "too_large")


def test_without_secrets_it_is_off(text_server: RunningServer) -> None:
    answer = text_server.client.post("/hook/dialogflow", {"text": "a"})
    assert (answer.status, answer.error) == (503, "not_set_up")
    assert "VOICE_DIALOGFLOW_TOKEN or VOICE_DIALOGFLOW_BASIC" in text_server.log.read_text()


def test_halves_of_characters_are_answered(server: RunningServer, trusting: dict[str, str]) -> None:
    body = {"text": "\ud800 when are you open", "sessionInfo": {"session": "\udfff"}}
    answer = server.client.post(
        "/hook/dialogflow", body, Authorization=f"Bearer {trusting['dialogflow_token']}"
    )
    assert answer.status == 200
    assert json.loads(answer.body)["fulfillmentResponse"]["messages"]
