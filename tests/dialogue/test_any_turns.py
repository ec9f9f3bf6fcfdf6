"""Whatever comes in whatever order: a reply, a way out after two failures, a token that loads."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.conversation import Conversation, ConversationTokens, entry_key
from voice.dialogue import Dialogue
from voice.phrases import CHOICES, COMMANDS, load_phrases
from voice.types import TEXT_CHANNEL, Channel, Turn

PHRASES = load_phrases("en")
CONTACT = "Ask at the desk."
IDS = ["hours", "price", "tour-adults", "parking", "bus", "summer", "gone", "x" * 100, "\ud800"]
QUESTIONS = [
    *("when are you open", "guided tour", "for children", "where can i park", "help"),
    *("what is the capital of France", "who won", "and how long", "?", "help me find a bus"),
]
CHANNELS = [TEXT_CHANNEL, Channel("phone", 160, keeps_open=True), Channel("tiny", 1, True)]
TOKENS = ConversationTokens(("key",))
FOREIGN = ConversationTokens(("other",))

texts = st.one_of(
    st.sampled_from(QUESTIONS),
    st.sampled_from(PHRASES.spoken_wordings()),
    st.text(max_size=40),
    st.just(""),
)
turns = st.builds(
    Turn,
    text=texts,
    hypotheses=st.lists(texts, max_size=3).map(tuple),
    spoken=st.booleans(),
    channel=st.sampled_from(CHANNELS),
    command=st.none() | st.sampled_from([*COMMANDS, *CHOICES, "start", "nonsense"]),
    entry_id=st.none() | st.none() | st.sampled_from(IDS),
)
keys = st.sampled_from([entry_key(each) for each in IDS])
conversations = st.builds(
    Conversation,
    offered=st.lists(keys, max_size=3).map(tuple),
    last=st.none() | keys,
    misses=st.integers(0, 1),
    noticed=st.booleans(),
    silences=st.integers(0, 1),
    page=st.integers(0, 9),
    pending=st.sampled_from(["", "related", "go_on", "anything_else"]),
    slow=st.booleans(),
)
states = st.one_of(
    st.none(),  # the token of the last reply
    conversations.map(TOKENS.dump),
    conversations.map(FOREIGN.dump),
    st.text(max_size=30),
)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(turns, states), max_size=8))
def test_any_turns_in_any_state(
    dialogue: Dialogue, sequence: list[tuple[Turn, str | None]]
) -> None:
    token = ""
    for turn, state in sequence:
        before = TOKENS.load(token if state is None else state)
        reply, after = dialogue.reply(turn, before)
        token = TOKENS.dump(after)
        assert TOKENS.load(token) == after
        assert len(token) < 1000
        assert reply.speech.strip()
        assert bool(reply.reprompt) != reply.end_session
        assert (reply.answer is not None) == (reply.status == "answer")
        assert reply.status != "clarify" or after.offered
        assert after.misses < 2
        assert after.silences < 2
        if turn.channel.keeps_open and reply.status != "no_input" and not reply.end_session:
            assert "?" in reply.speech or "Please" in reply.speech


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(["guided tour", "neither", "the third", "who won", "yes", "no", "zzz"]),
        min_size=2,
        max_size=8,
    ),
    st.sampled_from(CHANNELS),
)
def test_two_failures_in_a_row_hand_off(
    dialogue: Dialogue, said: list[str], channel: Channel
) -> None:
    conversation, failed = Conversation(noticed=True), False
    for text in said:
        reply, conversation = dialogue.reply(Turn(text, channel=channel), conversation)
        handed_off = CONTACT in reply.speech
        assert not (failed and reply.status == "unknown") or handed_off
        failed = reply.status == "unknown" and not handed_off


@pytest.mark.parametrize("char", ["x", "ä", "🙂", "\u0001", '"'])
def test_tokens_stay_small_for_the_longest_ids(char: str) -> None:
    keys = tuple(entry_key(f"{number}{char * 99}") for number in range(4))
    full = Conversation(keys[:3], keys[3], 1, True, 1, 999, "anything_else", True)
    token = TOKENS.dump(full)
    assert len(token) < 400
    assert TOKENS.load(token) == full
    assert len(set(keys)) == 4
