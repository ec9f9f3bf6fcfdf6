"""Whole conversations with a real server, over a real socket, signed as Alexa signs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from servers import Answer, RunningServer

from voice.errors import InputError, SetupError
from voice.settings import Settings
from voice.simulate import open_caller, trusting_settings
from voice.simulate.alexa import AlexaCaller
from voice.simulate.alexa_strict import accepted, accepted_end

LONG = 'We bake & sell <bread> all day, "fresh" and it\'s warm 👩‍🍳 خبز. ' * 300

Send = Callable[..., Answer]


def _intent(name: str, **slots: str) -> dict[str, Any]:
    values = {slot: {"name": slot, "value": value} for slot, value in slots.items()}
    return {"type": "IntentRequest", "intent": {"name": name, "slots": values}}


def _speech(answer: Answer) -> str:
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    return accepted(answer.body).speech


def test_a_conversation_from_greeting_to_goodbye(caller: AlexaCaller) -> None:
    assert "What would you like to know?" in caller.start().speech
    assert caller.say("when are you open").speech.startswith("At nine.")
    assert caller.say("repeat").speech.startswith("At nine.")
    assert caller.say("how hot are your ovens").speech.startswith("230 degrees & more.")
    assert "First:" in caller.say("do you give tours").speech
    assert caller.say("the second one").speech.startswith(("On Sundays.", "On Mondays."))
    assert not caller.say("who won the world cup").ended
    assert not caller.say("help").ended
    assert caller.say("").speech
    assert caller.say("stop").ended
    caller.close()


def test_silence_ends_the_session(caller: AlexaCaller) -> None:
    caller.start()
    assert not caller.say("").ended
    assert caller.say("").ended


def test_a_question_opens_the_skill_and_hanging_up_closes_it(caller: AlexaCaller) -> None:
    assert caller.say("what are your hours").speech.startswith("At nine.")
    caller.close()


def test_yes_after_an_offer_of_more(caller: AlexaCaller) -> None:
    caller.say("do you give tours for adults")
    assert "At two." in caller.say("yes").speech


def test_a_long_answer_keeps_to_the_limits(caller: AlexaCaller) -> None:
    heard = caller.say("tell me the whole story")
    assert heard.speech.startswith("We bake & sell <bread> all day")
    card = json.loads(heard.received)["response"]["card"]
    assert card["title"] == "Tell me the whole story"
    assert LONG.startswith(card["content"])


def test_what_alexa_found_is_answered_whatever_the_words(send: Send, caller: AlexaCaller) -> None:
    content = _intent("FaqIntent", question="gibberish")
    found = {"status": {"code": "ER_SUCCESS_MATCH"}, "values": [{"value": {"id": "hours"}}]}
    slot = content["intent"]["slots"]["question"]
    slot["resolutions"] = {"resolutionsPerAuthority": [found]}
    assert _speech(send(caller.envelope(content))).startswith("At nine.")


@pytest.mark.parametrize("kind", ["AMAZON.YesIntent", "AMAZON.NoIntent", "AMAZON.NextIntent"])
def test_intents_out_of_place_are_never_an_error(
    send: Send, caller: AlexaCaller, kind: str
) -> None:
    assert _speech(send(caller.envelope(_intent(kind))))


@pytest.mark.parametrize("kind", ["StopIntent", "CancelIntent", "NavigateHomeIntent"])
def test_leaving_really_leaves(send: Send, caller: AlexaCaller, kind: str) -> None:
    assert accepted(send(caller.envelope(_intent(f"AMAZON.{kind}"))).body).ends


@pytest.mark.parametrize(
    "kind", ["SessionEndedRequest", "AlexaSkillEvent.SkillEnabled", "AudioPlayer.PlaybackStopped"]
)
def test_what_asks_nothing_is_told_nothing(send: Send, caller: AlexaCaller, kind: str) -> None:
    body = caller.envelope({"type": kind})
    accepted_end(send(body).body)
    body.pop("session")
    accepted_end(send(body).body)


def test_versions_and_fields_of_tomorrow(send: Send, caller: AlexaCaller) -> None:
    body = caller.envelope(_intent("AskIntent", query="your hours"))
    for changed in ({"version": "9.9"}, {"version": None}, {"tomorrow": [1]}):
        assert _speech(send({**body, **changed}))
    body.pop("version")
    assert _speech(send(body))


@pytest.mark.parametrize("content_type", ["text/plain", "image/png", "", "application/json", "a;b"])
def test_the_signature_counts_not_the_content_type(
    send: Send, caller: AlexaCaller, content_type: str
) -> None:
    assert _speech(send(caller.envelope({"type": "LaunchRequest"}), Content_Type=content_type))


@pytest.mark.parametrize(
    "query",
    [
        '</speak><audio src="https://evil.example/a.mp3"/>',
        "\ud800 when \udfff",
        "a\0b\x1b[31m",
        "\ufeffwhen are you open",
        "x" * 20_000,
        "why " * 5_000,
        "?",
        "\u202e\u200f",
    ],
    ids=lambda query: ascii(query[:12]),
)
def test_questions_of_strangers(send: Send, caller: AlexaCaller, query: str) -> None:
    answer = send(caller.envelope(_intent("AskIntent", query=query)))
    assert "evil" not in _speech(answer)


def test_a_conversation_that_was_tampered_with_starts_afresh(
    send: Send, caller: AlexaCaller
) -> None:
    body = caller.envelope(_intent("AMAZON.RepeatIntent"))
    for conversation in ("W1tdLG51bGwsMCwxXQ.x.y", "x" * 5_000, "\0", "é", 3, None, {}):
        body["session"]["attributes"] = {"conversation": conversation}
        assert _speech(send(body))


def test_the_caller_needs_the_settings_of_a_test(make_settings: Callable[..., Settings]) -> None:
    with pytest.raises(InputError, match="VOICE_ALEXA_TEST_ROOT"):
        open_caller("alexa", "http://127.0.0.1:1", make_settings(alexa_skill_ids="x"))


def test_another_key_is_refused(
    server: RunningServer,
    trusting: dict[str, Any],
    make_settings: Callable[..., Settings],
    tmp_path: Path,
) -> None:
    stranger = make_settings(**{**trusting, **trusting_settings("alexa", tmp_path / "stranger")})
    url = f"http://127.0.0.1:{server.client.port}"
    with pytest.raises(SetupError, match="refuses.*400"):
        open_caller("alexa", url, stranger).start()
