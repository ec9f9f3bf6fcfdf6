"""What commands and choices do, whether said, pressed or sent by a platform."""

from __future__ import annotations

from dataclasses import replace

from voice.conversation import ANYTHING_ELSE, GO_ON, RELATED, Conversation
from voice.dialogue.entries import Entries
from voice.dialogue.prompts import ORDINALS, Prompts
from voice.dialogue.replies import Replies, Step, as_candidates
from voice.dialogue.telling import Telling
from voice.types import Channel, Reply


class Commands:
    """Do what the names of `phrases.COMMANDS` and `phrases.CHOICES` stand for."""

    def __init__(
        self, prompts: Prompts, entries: Entries, telling: Telling, replies: Replies
    ) -> None:
        self._prompts = prompts
        self._entries = entries
        self._telling = telling
        self._replies = replies

    def do(self, name: str, conversation: Conversation, channel: Channel) -> Step | None:
        """Return the reply; None for a choice where nothing was offered."""
        if name in ORDINALS:
            return self._take(ORDINALS.index(name), conversation, channel)
        if name == "yes":
            return self._yes(conversation, channel)
        if name in ("no", "neither"):
            return self._no(name, conversation, channel)
        return self._obey(name, conversation, channel)

    # --- choices -----------------------------------------------------------------------------

    def _take(self, place: int, conversation: Conversation, channel: Channel) -> Step | None:
        offered = self._entries.of(conversation.offered)
        if not offered:
            return None
        if place < len(conversation.offered):
            entry = self._entries.get(conversation.offered[place])
            if entry is not None:
                return self._replies.tell(entry, conversation, channel)
        return self._replies.choose_again(offered, conversation, channel)

    def _yes(self, conversation: Conversation, channel: Channel) -> Step:
        offered = self._entries.of(conversation.offered)
        if len(offered) == 1:
            return self._replies.tell(offered[0], conversation, channel)
        if offered:
            return self._replies.choose_again(offered, conversation, channel)
        if conversation.pending == GO_ON:
            return self._go_on(conversation, channel)
        if conversation.pending == ANYTHING_ELSE:
            speech = self._prompts.say("your_question")
            return Reply("command", speech), replace(conversation, pending="")
        return self._replies.help(conversation, channel)

    def _no(self, name: str, conversation: Conversation, channel: Channel) -> Step | None:
        offered = self._entries.of(conversation.offered)
        if offered and conversation.pending != RELATED:
            return self._replies.missed("neither_reply", conversation, channel)
        if name == "neither" and not offered:
            return None
        if conversation.pending == ANYTHING_ELSE or self._entries.get(conversation.last) is None:
            return self._replies.goodbye()
        after = replace(conversation, offered=(), pending=ANYTHING_ELSE)
        return Reply("command", self._prompts.say("declined")), after

    # --- commands ----------------------------------------------------------------------------

    def _obey(self, name: str, conversation: Conversation, channel: Channel) -> Step:
        if name in ("stop", "goodbye"):
            return self._replies.goodbye()
        if name == "slower":
            return self._repeat(replace(conversation, slow=True), channel)
        if name == "repeat":
            return self._repeat(conversation, channel)
        if name in ("more", "next"):
            return self._go_on(conversation, channel)
        if name == "hand_off":
            return self._replies.hand_off(conversation, channel)
        if name == "thanks":
            thanks = self._prompts.say("thanks_reply")
            return self._replies.closed(thanks, conversation, channel)
        return self._replies.help(conversation, channel)

    def _repeat(self, conversation: Conversation, channel: Channel) -> Step:
        offered = self._entries.of(conversation.offered)
        last = self._entries.get(conversation.last)
        if offered and conversation.pending == RELATED:
            speech = self._prompts.choices("related", offered, channel)
            return Reply("command", speech), conversation
        if offered:
            return self._replies.offer(as_candidates(offered), conversation, channel)
        if last is None:
            return Reply("command", self._prompts.say("repeat_nothing")), conversation
        speech, after = self._telling.again(last, conversation, channel)
        return Reply("command", speech), after

    def _go_on(self, conversation: Conversation, channel: Channel) -> Step:
        last = self._entries.get(conversation.last)
        if last is None:
            return Reply("command", self._prompts.say("repeat_nothing")), conversation
        speech, after = self._telling.go_on(last, conversation, channel)
        return Reply("command", speech), after
