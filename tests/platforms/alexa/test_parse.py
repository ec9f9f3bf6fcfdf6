"""What requests of Alexa's mean."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from voice.phrases import CHOICES
from voice.phrases import COMMANDS as PHRASE_COMMANDS
from voice.platforms.alexa.parse import CHANNEL, COMMANDS, parse
from voice.platforms.alexa.slots import slot_id
from voice.types import MAX_QUESTION_CHARS, Turn

CASES: list[dict[str, Any]] = YAML(typ="safe").load(
    (Path(__file__).parents[2] / "cases" / "alexa.yaml").read_text(encoding="utf-8")
)
ENTRIES = {slot_id(entry_id): entry_id for entry_id in ("hours", "öffnen")}


def _filled(value: Any) -> Any:
    """Put the id of the slot value of "öffnen" where the case names it."""
    if isinstance(value, dict):
        return {key: _filled(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one) for one in value]
    return slot_id("öffnen") if value == "SLOT_ID" else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: Mapping[str, Any]) -> None:
    body = {"session": {"attributes": case.get("attributes")}, "request": _filled(case["request"])}
    call = parse(body, ENTRIES)
    if "turn" not in case:
        assert call.turn is None
        assert call.response == case["response"]
        return
    fields = {"text": "", "spoken": True, "channel": CHANNEL, **case["turn"]}
    assert call.turn == Turn(**fields)


def test_commands_are_those_of_the_dialogue() -> None:
    assert set(COMMANDS.values()) <= {*PHRASE_COMMANDS, *CHOICES, "start"}
    assert all(name.startswith("AMAZON.") for name in COMMANDS)


def test_ids_of_slot_values_are_plain_and_stable() -> None:
    assert slot_id("back-bend_2") == "back-bend_2"
    assert slot_id("öffnen") == "entry_" + slot_id("öffnen").removeprefix("entry_")
    assert slot_id("öffnen").isascii()
    assert len({slot_id(name) for name in ("a b", "a  b", "ä", "é", "日本")}) == 5


def test_long_texts_are_cut() -> None:
    slots = {"query": {"value": "x" * (MAX_QUESTION_CHARS + 1)}}
    call = parse({"request": {"type": "IntentRequest", "intent": {"slots": slots}}}, {})
    assert call.turn is not None
    assert len(call.turn.text) == MAX_QUESTION_CHARS


NAMES = ["session", "request", "attributes", "conversation", "type", "intent", "slots", "name"]
NAMES += ["value", "slotValue", "resolutions", "resolutionsPerAuthority", "status", "code", "id"]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(["IntentRequest", "LaunchRequest", "ER_SUCCESS_MATCH", "hours"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=30,
)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(NAMES), JSON), JSON)
def test_no_object_crashes(body: dict[str, Any], slots: Any) -> None:
    parse(body, ENTRIES)
    intent = {"name": "FaqIntent", "slots": {"question": slots}}
    call = parse({**body, "request": {"type": "IntentRequest", "intent": intent}}, ENTRIES)
    assert call.turn is not None
    call.turn.text.encode()
