"""The conversation agent for Home Assistant: questions, choices, conversations apart."""

from __future__ import annotations

import pytest
from wyoming.asr import Transcript
from wyoming.event import Event
from wyoming.handle import Handled, NotHandled

ASKED = "Is it bad if your spine cracks?"
UNCLEAR = "crack my back"


def turn(text: str, conversation_id: str | None = None) -> Event:
    context = {"conversation_id": conversation_id} if conversation_id else None
    return Transcript(text, language="en", context=context).event()


def test_a_question_is_answered(home):
    (event,) = home.ask(turn(ASKED, "a"))
    handled = Handled.from_event(event)
    assert handled.text.startswith("No, not in moderation.")
    assert handled.context == {"conversation_id": "a"}


def test_an_unknown_question_is_not_handled_and_says_so(home):
    (event,) = home.ask(turn("who won the cup", "b"))
    assert NotHandled.from_event(event).text.startswith("I'm sorry, I don't know that.")
    assert event.type == "not-handled"


def test_silence_is_not_handled(home):
    (event,) = home.ask(turn("", "c"))
    assert event.type == "not-handled"
    assert event.data["text"].startswith("I couldn't hear anyone speaking.")


def test_a_choice_is_understood_in_its_conversation_only(home):
    (offered,) = home.ask(turn(UNCLEAR, "mine"))
    assert offered.type == "handled"
    assert offered.data["text"].startswith("Did you mean one of these? First:")
    (other,) = home.ask(turn("the first one", "yours"))
    assert other.type == "not-handled"
    (without,) = home.ask(turn("the first one"))
    assert without.type == "not-handled"
    (chosen,) = home.ask(turn("the first one", "mine"))
    assert chosen.data["text"].startswith("No, not in moderation.")


def test_two_conversations_do_not_cross(home):
    home.ask(turn(ASKED, "left"))
    home.ask(turn("why does my back crack when I do a back bend", "right"))
    left, right = (
        home.ask(turn("repeat that", name))[0].data["text"] for name in ("left", "right")
    )
    assert left.startswith("No, not in moderation.")
    assert right.startswith("Your back can crack whenever")


@pytest.mark.parametrize("name", [7, ["a"], {"a": 1}, "", "x" * 201])
def test_a_name_that_is_none_is_a_fresh_conversation(home, name):
    asked = Event("transcript", {"text": UNCLEAR, "context": {"conversation_id": name}})
    assert home.ask(asked)[0].type == "handled"
    again = Event("transcript", {"text": "the first one", "context": {"conversation_id": name}})
    assert home.ask(again)[0].type == "not-handled"
