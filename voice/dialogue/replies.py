"""The replies there are, each with what the conversation is after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from voice.conversation import RELATED, Conversation, entry_key
from voice.dialogue.entries import MAX_CHOICES, Entries
from voice.dialogue.prompts import Prompts, join
from voice.dialogue.telling import Telling
from voice.faq import FaqEntry
from voice.types import Answer, Candidate, Channel, Reply

MISSES_BEFORE_HAND_OFF: Final = 2

Step = tuple[Reply, Conversation]


class Replies:
    """Make replies; what they have in common is added by `Dialogue`."""

    def __init__(self, prompts: Prompts, entries: Entries, telling: Telling) -> None:
        self._prompts = prompts
        self._entries = entries
        self._telling = telling

    def greet(self, channel: Channel) -> Step:
        """Return the greeting that opens a conversation, with the FAQ's notice."""
        speech = self._prompts.greeting()
        if channel.keeps_open and "?" not in speech:
            speech = join(speech, self._prompts.say("your_question"))
        return Reply("command", speech), Conversation(noticed=True)

    def tell(
        self, entry: FaqEntry, conversation: Conversation, channel: Channel, score: float = 1.0
    ) -> Step:
        """Return the answer of an entry, or its first page."""
        speech, after = self._telling.tell(entry, conversation, channel)
        answer = Answer(entry.id, entry.question, entry.answer)
        candidate = Candidate(entry.id, entry.question, score)
        reply = Reply("answer", speech, entry.question, answer, score, (candidate,))
        return reply, after

    def missed(self, phrase: str, conversation: Conversation, channel: Channel) -> Step:
        """Return the reply to a turn that found no answer; the second in a row hands off."""
        misses = conversation.misses + 1
        after = replace(conversation, offered=(), pending="", misses=misses)
        if misses < MISSES_BEFORE_HAND_OFF:
            return Reply("unknown", self._prompts.say(phrase)), after
        speech = self._prompts.hand_off("unknown_again")
        speech, after = self._telling.close(speech, replace(after, misses=0), channel)
        return Reply("unknown", speech, hand_off=True), after

    def clarify(
        self, candidates: Sequence[Candidate], conversation: Conversation, channel: Channel
    ) -> Step:
        """Return the question which of the candidates is meant; to come to it twice is a miss."""
        reply, after = self.offer(candidates, conversation, channel)
        if after.offered != conversation.offered or conversation.pending == RELATED:
            return reply, after
        return self._once_more(reply, after, channel)

    def offer(
        self, candidates: Sequence[Candidate], conversation: Conversation, channel: Channel
    ) -> Step:
        """Return the question which of one or more candidates is meant."""
        keys = tuple(entry_key(candidate.entry_id) for candidate in candidates[:MAX_CHOICES])
        speech = self._prompts.choices("clarify", self._entries.of(keys), channel)
        score = candidates[0].score
        reply = Reply("clarify", speech, score=score, candidates=tuple(candidates))
        return reply, replace(conversation, offered=keys, pending="")

    def choose_again(
        self, offered: Sequence[FaqEntry], conversation: Conversation, channel: Channel
    ) -> Step:
        """Return the reply to a choice that was none of the offered ones."""
        speech = self._prompts.say("choose_again")
        if conversation.pending == RELATED:
            return Reply("command", speech), conversation
        reply = Reply("clarify", speech, candidates=as_candidates(offered))
        return self._once_more(reply, conversation, channel)

    def help(self, conversation: Conversation, channel: Channel) -> Step:
        """Return what can be asked and said."""
        speech = self._prompts.help()
        if channel.keeps_open:
            speech = join(speech, self.open_question(conversation, channel))
        return Reply("command", speech), conversation

    def hand_off(self, conversation: Conversation, channel: Channel) -> Step:
        """Return whom to turn to, for who asks for a person."""
        speech, conversation = self._prompts.hand_off(), replace(conversation, misses=0)
        reply, after = self.closed(speech, conversation, channel)
        return replace(reply, hand_off=True), after

    def goodbye(self, status: Literal["command", "no_input"] = "command") -> Step:
        """Return the end of the conversation."""
        return Reply(status, self._prompts.say("stop_reply"), end_session=True), Conversation()

    def closed(self, speech: str, conversation: Conversation, channel: Channel) -> Step:
        """Return a reply after which nothing is open but, on some channels, the next question."""
        speech, after = self._telling.close(speech, conversation, channel)
        return Reply("command", speech), after

    def open_question(self, conversation: Conversation, channel: Channel) -> str:
        """Return what was asked last and is still open, else what the next question is."""
        question = self._telling.question(conversation, channel)
        return question or self._prompts.say("your_question")

    def _once_more(self, reply: Reply, conversation: Conversation, channel: Channel) -> Step:
        """Return a question back that was asked before, unless that is one miss too many."""
        misses = conversation.misses + 1
        if misses >= MISSES_BEFORE_HAND_OFF:
            return self.missed("unknown", conversation, channel)
        return reply, replace(conversation, misses=misses)


def as_candidates(entries: Sequence[FaqEntry]) -> tuple[Candidate, ...]:
    """Return entries that were considered in a turn before this one."""
    return tuple(Candidate(entry.id, entry.question, 0.0) for entry in entries)
