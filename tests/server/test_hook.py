"""POST /hook/<platform>, with a small platform of the tests' own."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType

import pytest
from servers import Client

from voice.errors import SetupError
from voice.opening import open_assistant
from voice.platforms import HOOKS, Hook
from voice.platforms.protocol import (
    Call,
    HookRequest,
    HookResponse,
    json_response,
)
from voice.server import routes_hook
from voice.server.app import create_app
from voice.server.errors import refusal
from voice.server.front import TEXT, Front
from voice.server.lanes import LaneOptions
from voice.settings import Settings
from voice.types import Reply, Turn


@dataclass(frozen=True)
class Said(Call):
    state: str


class Parrot:
    """A platform whose calls are {"say", "state"}, signed with a header."""

    def verify(self, request: HookRequest) -> None:
        if request.headers.get("x-secret") != "sesame":
            raise refusal(403, "bad_signature", "not from the parrot")

    def parse(self, request: HookRequest) -> Said:
        given = json.loads(request.body)
        turn = None if given["say"] is None else Turn(given["say"], conversation=given["state"])
        return Said(turn, given["state"])

    def render(self, call: Said, reply: Reply | None) -> HookResponse:
        if reply is None:
            return json_response({})
        return json_response({"speech": reply.speech, "state": reply.conversation})

    def sorry(self, call: Said | None, phrase: str) -> HookResponse:
        return json_response({"sorry": phrase, "state": call.state if call else ""})


@pytest.fixture
def parrot(
    monkeypatch: pytest.MonkeyPatch,
    make_settings: Callable[..., Settings],
    serve_front: Callable[..., Client],
) -> Callable[..., Client]:
    """Return a starter of servers that the parrot calls, for what the settings say."""
    module = ModuleType("parrot")
    module.create = lambda context: Parrot()
    monkeypatch.setitem(sys.modules, "parrot", module)
    monkeypatch.setitem(HOOKS, "parrot", Hook("parrot", ("alexa_skill_ids",)))

    def start(
        answer: Callable[[Turn], Reply] | None = None, text: LaneOptions = TEXT, **overrides: object
    ) -> Client:
        settings = make_settings(stt="off", tts="off", **overrides)
        assistant = open_assistant(settings)
        if answer is not None:
            monkeypatch.setattr(assistant, "answer", answer)
        app = create_app(settings, assistant)
        apology = app.extensions["voice.hooks"].apology
        return serve_front(Front(app, settings, text=text, apology=apology))

    return start


def test_signed_call_is_answered_and_its_state_travels(parrot: Callable[..., Client]) -> None:
    client = parrot(alexa_skill_ids="mine")
    first = client.post(
        "/hook/parrot", {"say": "is it bad to crack my back", "state": ""}, X_Secret="sesame"
    )
    assert first.json()["speech"].startswith("No, not in moderation")
    again = client.post(
        "/hook/parrot", {"say": "repeat that", "state": first.json()["state"]}, X_Secret="sesame"
    )
    assert again.json()["speech"].startswith("No, not in moderation")


def test_call_without_turn_is_rendered_without_reply(parrot: Callable[..., Client]) -> None:
    client = parrot(alexa_skill_ids="mine")
    assert client.post("/hook/parrot", {"say": None, "state": ""}, X_Secret="sesame").json() == {}


def test_unsigned_call_is_refused(parrot: Callable[..., Client]) -> None:
    answer = parrot(alexa_skill_ids="mine").post("/hook/parrot", {"say": "hi", "state": ""})
    assert (answer.status, answer.error) == (403, "bad_signature")


def test_platform_without_its_secret_refuses_and_the_log_names_it(
    parrot: Callable[..., Client], caplog: pytest.LogCaptureFixture
) -> None:
    client = parrot()
    for _ in range(2):
        answer = client.post("/hook/parrot", {"say": "hi", "state": ""}, X_Secret="sesame")
        assert (answer.status, answer.error) == (503, "not_set_up")
    told = [r.getMessage() for r in caplog.records if "VOICE_ALEXA_SKILL_IDS" in r.getMessage()]
    assert len(told) == 1


def test_other_addresses_and_methods(parrot: Callable[..., Client]) -> None:
    client = parrot(alexa_skill_ids="mine")
    assert client.post("/hook/pigeon", {}).status == 404
    assert client.get("/hook/parrot").status == 405


def test_late_answer_is_dropped_and_the_platform_told_to_try_again(
    parrot: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes_hook, "ANSWER_SECONDS", 0.2)
    released = threading.Event()

    def never(turn: Turn) -> Reply:
        released.wait(20)
        return Reply("answer", "too late")

    client = parrot(never, alexa_skill_ids="mine")
    answer = client.post("/hook/parrot", {"say": "hi", "state": "kept"}, X_Secret="sesame")
    released.set()
    assert answer.json() == {"sorry": "try_again", "state": "kept"}


def test_who_finds_no_thread_free_is_told_in_the_platforms_form(
    parrot: Callable[..., Client],
) -> None:
    one = LaneOptions(threads=1, waiting=0, wait_seconds=0.1, answer_seconds=0.5)
    released = threading.Event()

    def never(turn: Turn) -> Reply:
        released.wait(20)
        return Reply("answer", "too late")

    client = parrot(never, one, alexa_skill_ids="mine")
    call = partial(client.post, "/hook/parrot", {"say": "hi", "state": "kept"}, X_Secret="sesame")
    answers: list[object] = []
    waiting = threading.Thread(target=lambda: answers.append(call().json()))
    waiting.start()
    time.sleep(0.2)
    assert call().json() == {"sorry": "try_again", "state": ""}  # no thread is free
    waiting.join()
    released.set()
    assert answers == [{"sorry": "try_again", "state": ""}]  # its time is over


def test_failure_is_the_platforms_own_sorry(parrot: Callable[..., Client]) -> None:
    def fail(turn: Turn) -> Reply:
        raise RuntimeError("boom")

    client = parrot(fail, alexa_skill_ids="mine")
    answer = client.post("/hook/parrot", {"say": "hi", "state": "kept"}, X_Secret="sesame")
    assert (answer.status, answer.json()) == (200, {"sorry": "error", "state": "kept"})


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ({"dialogflow_basic": "nocolon"}, "VOICE_DIALOGFLOW_BASIC must be user:password"),
        (
            {"twilio_auth_token": "t", "public_url": "nowhere"},
            "VOICE_PUBLIC_URL must be an address as https://faq.example",
        ),
    ],
)
def test_a_secret_that_can_be_none_is_told_at_the_start(
    make_settings: Callable[..., Settings], overrides: dict[str, str], says: str
) -> None:
    settings = make_settings(stt="off", tts="off", **overrides)
    assistant = open_assistant(settings)
    with pytest.raises(SetupError) as caught:
        create_app(settings, assistant)
    assert caught.value.message == says
