from __future__ import annotations

import pytest

from voice.conversation import MAX_TOKEN_CHARS, Conversation, ConversationTokens

KEPT = Conversation(("a", "b"), "c", 1, noticed=True)


def test_token_brings_the_conversation_back() -> None:
    tokens = ConversationTokens(("key",))
    assert tokens.load(tokens.dump(KEPT)) == KEPT


def test_any_process_with_the_key_reads_it() -> None:
    assert ConversationTokens(("key",)).load(ConversationTokens(("key",)).dump(KEPT)) == KEPT


def test_first_key_signs_and_all_verify() -> None:
    old = ConversationTokens(("old",)).dump(KEPT)
    both = ConversationTokens(("new", "old"))
    assert both.load(old) == KEPT
    assert ConversationTokens(("new",)).load(both.dump(KEPT)) == KEPT


@pytest.mark.parametrize(
    "token",
    [None, "", "x", "a.b.c", "\ud800", "é", "x" * (MAX_TOKEN_CHARS + 1), "\0"],
)
def test_bad_token_starts_afresh(token: str | None) -> None:
    assert ConversationTokens(("key",)).load(token) == Conversation()


def test_tampered_and_foreign_tokens_start_afresh() -> None:
    tokens = ConversationTokens(("key",))
    token = tokens.dump(KEPT)
    assert tokens.load(("A" if token[0] != "A" else "B") + token[1:]) == Conversation()
    assert tokens.load(ConversationTokens(("other",)).dump(KEPT)) == Conversation()


def test_signed_nonsense_starts_afresh() -> None:
    tokens = ConversationTokens(("key",))
    for fields in [None, 7, [], ["x"], {"a": 1}, [3, None, 0, 0], [[], None, "x", 0]]:
        assert tokens.load(tokens._serializer.dumps(fields)) == Conversation()
