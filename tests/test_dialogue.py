from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from voice.conversation import Conversation
from voice.dialogue import Dialogue
from voice.faq import Contact, Faq, FaqEntry
from voice.matching.matcher import Matcher, MatchOptions
from voice.phrases import load_phrases
from voice.settings import Settings
from voice.types import Turn

CASES: list[dict[str, Any]] = YAML(typ="safe").load(
    Path(__file__).parent / "cases" / "dialogue.yaml"
)


def entry(entry_id: str, question: str, answer: str, **fields: Any) -> FaqEntry:
    return FaqEntry(id=entry_id, question=question, answer=answer, **fields)


FAQ = Faq(
    title="Harbour Museum",
    locale="en-GB",
    notice="General information only.",
    contact=Contact(say="Ask at the desk."),
    entries=(
        entry("hours", "When are you open?", "From ten to five.", more="On Fridays until nine."),
        entry("price", "How much is a ticket?", "Ten pounds."),
        entry("tour-adults", "Is there a guided tour for adults?", "Every day at two."),
        entry("tour-children", "Is there a guided tour for children?", "On Sundays at eleven."),
        entry("first-aid", "Where is the first aid room?", "Behind the desk.", variants=("help",)),
    ),
)


@pytest.fixture(scope="module")
def dialogue() -> Dialogue:
    defaults = {name: Settings.model_fields[name].default for name in ("min_score", "min_margin")}
    return Dialogue(FAQ, load_phrases("en"), Matcher(FAQ, MatchOptions(**defaults)).match)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_conversation(dialogue: Dialogue, case: dict[str, Any]) -> None:
    conversation = Conversation()
    for turn in case["turns"]:
        offered = conversation.offered
        reply, conversation = dialogue.reply(Turn(turn["say"]), conversation)
        assert reply.status == turn["status"], (turn, reply)
        assert turn.get("says", "") in reply.speech
        assert "lacks" not in turn or turn["lacks"] not in reply.speech
        assert reply.end_session == turn.get("ends", False)
        wanted = offered[turn["offered"]] if "offered" in turn else turn.get("entry")
        assert wanted is None or (reply.answer is not None and reply.answer.entry_id == wanted)


def test_single_offer_is_taken_by_yes(dialogue: Dialogue) -> None:
    reply, after = dialogue.reply(Turn("yes please"), Conversation(offered=("price",)))
    assert reply.answer is not None
    assert reply.answer.entry_id == "price"
    assert after == Conversation(last="price", noticed=True)


def test_any_hypothesis_may_be_the_choice(dialogue: Dialogue) -> None:
    turn = Turn("the sick and one", ("the sick and one", "the second one"), spoken=True)
    reply, _ = dialogue.reply(turn, Conversation(offered=("price", "hours")))
    assert reply.answer is not None
    assert reply.answer.entry_id == "hours"


def test_silence_at_a_microphone_is_said_otherwise(dialogue: Dialogue) -> None:
    typed, _ = dialogue.reply(Turn(""), Conversation())
    heard, _ = dialogue.reply(Turn("", spoken=True), Conversation())
    assert typed.status == heard.status == "no_input"
    assert typed.speech != heard.speech


def test_entries_that_are_gone_do_not_matter(dialogue: Dialogue) -> None:
    stale = Conversation(offered=("gone", "also-gone"), last="gone")
    for text in ("the first one", "repeat", "more", "yes", "neither", "when are you open"):
        reply, _ = dialogue.reply(Turn(text), stale)
        assert reply.speech


def test_greeting_says_the_notice_so_that_no_answer_must(dialogue: Dialogue) -> None:
    greeting, after = dialogue.greet()
    assert "General information only." in greeting.speech
    reply, _ = dialogue.reply(Turn("when are you open"), after)
    assert "General information only." not in reply.speech


@settings(deadline=None)
@given(
    st.text(max_size=80),
    st.lists(st.sampled_from([e.id for e in FAQ.entries] + ["gone"]), max_size=3),
    st.integers(0, 5),
)
def test_any_text_in_any_state_gets_a_spoken_reply(
    dialogue: Dialogue, text: str, offered: list[str], misses: int
) -> None:
    reply, after = dialogue.reply(Turn(text), Conversation(tuple(offered), "hours", misses))
    assert reply.speech.strip()
    assert (reply.answer is not None) == (reply.status == "answer")
    assert (reply.status == "clarify") == bool(after.offered) or reply.status in (
        "no_input",
        "command",
    )
