from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from voice.conversation import Conversation
from voice.dialogue import Dialogue
from voice.types import Channel, Reply, Turn

CASES: list[dict[str, Any]] = YAML(typ="safe").load(
    Path(__file__).parents[1] / "cases" / "dialogue.yaml"
)
TELLS = {"say", "silence", "command", "entry_id"}
TOLD = {"status", "says", "lacks", "starts", "asks", "ends", "entry", "offered", "slow"}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_conversation(
    dialogues: Callable[[str], Dialogue], channels: dict[str, Channel], case: dict[str, Any]
) -> None:
    dialogue, conversation = dialogues(case.get("locale", "en")), Conversation()
    channel = channels[case.get("channel", "text")]
    for step in case["turns"]:
        assert set(step) <= TELLS | TOLD
        offered = conversation.offered
        turn = Turn(
            step.get("say", ""),
            spoken="silence" in step,
            channel=channel,
            command=step.get("command"),
            entry_id=step.get("entry_id"),
        )
        reply, conversation = dialogue.reply(turn, conversation)
        _check(reply, step, offered)


def _check(reply: Reply, step: dict[str, Any], offered: tuple[str, ...]) -> None:
    assert reply.status == step["status"], (step, reply)
    assert step.get("says", "") in reply.speech, (step, reply)
    assert "lacks" not in step or step["lacks"] not in reply.speech, (step, reply)
    assert reply.speech.startswith(step.get("starts", ""))
    assert step.get("asks", "") in reply.reprompt
    assert bool(reply.reprompt) != reply.end_session
    assert reply.end_session == step.get("ends", False)
    assert (reply.rate_factor < 1) == step.get("slow", False)
    wanted = offered[step["offered"]] if "offered" in step else step.get("entry")
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


@pytest.mark.parametrize("key", ["gone", "summer"])  # not in the FAQ; not valid today
def test_entries_that_are_gone_do_not_matter(dialogue: Dialogue, key: str) -> None:
    for pending in ("", "go_on", "related", "anything_else", "nonsense"):
        stale = Conversation((key, key), key, page=7, pending=pending)
        for text in ("the first one", "repeat", "more", "yes", "neither", "when are you open"):
            reply, _ = dialogue.reply(Turn(text), stale)
            assert reply.speech
            assert "July" not in reply.speech


def test_gone_entry_does_not_move_the_others(dialogue: Dialogue) -> None:
    offered = Conversation(offered=("price", "gone", "hours"))
    reply, _ = dialogue.reply(Turn("the third one"), offered)
    assert reply.answer is not None
    assert reply.answer.entry_id == "hours"
    reply, _ = dialogue.reply(Turn("the second one"), offered)
    assert reply.status == "clarify"


def test_greeting_says_the_notice_so_that_no_answer_must(dialogue: Dialogue) -> None:
    greeting, after = dialogue.greet()
    assert "General information only." in greeting.speech
    reply, _ = dialogue.reply(Turn("when are you open"), after)
    assert "General information only." not in reply.speech


def test_long_answer_is_told_whole_in_pages_that_fit(
    dialogue: Dialogue, channels: dict[str, Channel]
) -> None:
    channel, pages = channels["phone"], []
    reply, after = dialogue.reply(Turn("", entry_id="parking", channel=channel), Conversation())
    assert reply.answer is not None
    pages.append(reply.speech.replace("General information only. ", ""))
    while after.pending == "go_on" and len(pages) < 10:
        reply, after = dialogue.reply(Turn("yes", channel=channel), after)
        pages.append(reply.speech)
    assert all(len(page) <= (channel.page_chars or 0) for page in pages)
    assert after.offered == ("bus", "price")
    told = " ".join(page.rpartition(". ")[0] + "." for page in pages[:-1])
    reply, _ = dialogue.reply(Turn("", entry_id="parking"), Conversation(noticed=True))
    assert reply.answer is not None
    assert told == f"{reply.answer.text} In summer the field beside the lighthouse is open, too."
