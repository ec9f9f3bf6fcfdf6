"""The conversation: from what a turn means to the reply and what is remembered of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from voice.conversation import Conversation, entry_key
from voice.dialogue.choices import chosen_by_words
from voice.dialogue.commands import Commands
from voice.dialogue.entries import Entries
from voice.dialogue.follow_ups import FollowUps, Matching
from voice.dialogue.prompts import Prompts
from voice.dialogue.replies import Replies, Step
from voice.dialogue.telling import Telling
from voice.dialogue.wordings import Wordings
from voice.faq import Faq, FaqEntry
from voice.phrases import CHOICES, COMMANDS, Phrases
from voice.types import TEXT_CHANNEL, Channel, Match, Reply, Turn

SILENCES_BEFORE_GOODBYE: Final = 2
SLOWER: Final = 0.75  # of the usual rate
START: Final = "start"  # the command that opens a conversation; it has no wording


class Dialogue:
    """Decide what is said; knows the FAQ and the phrases, remembers no caller."""

    def __init__(self, faq: Faq, phrases: Phrases, match: Matching) -> None:
        self._match = match
        self._entries = Entries(faq)
        self._prompts = Prompts(faq, phrases)
        self._wordings = Wordings(faq, phrases, self._entries)
        telling = Telling(faq, self._prompts, self._entries)
        self._replies = Replies(self._prompts, self._entries, telling)
        self._commands = Commands(self._prompts, self._entries, telling, self._replies)
        self._follow_ups = FollowUps(match, self._entries, self._wordings)

    def reply(self, turn: Turn, conversation: Conversation, *, explain: bool = False) -> Step:
        """Return the reply to a turn and the conversation after it."""
        reply, after = self._reply(turn, conversation, explain)
        if reply.status != "no_input":
            after = replace(after, silences=0)
        return self._finish(reply, after, turn.channel)

    def greet(self, channel: Channel = TEXT_CHANNEL) -> Step:
        """Return the greeting that opens a conversation, with the FAQ's notice."""
        return self._finish(*self._replies.greet(channel), channel)

    def tell(self, entry: FaqEntry, conversation: Conversation) -> Step:
        """Return the reply that answers a typed question with an entry."""
        return self._finish(*self._replies.tell(entry, conversation, TEXT_CHANNEL), TEXT_CHANNEL)

    def _finish(self, reply: Reply, conversation: Conversation, channel: Channel) -> Step:
        """Add what is said if silence follows, and how fast, unless it is the end."""
        if reply.end_session:
            return reply, conversation
        reprompt = self._replies.open_question(conversation, channel)
        rate_factor = SLOWER if conversation.slow else 1.0
        return replace(reply, reprompt=reprompt, rate_factor=rate_factor), conversation

    def _reply(self, turn: Turn, conversation: Conversation, explain: bool) -> Step:
        meant = self._meant(turn, conversation)
        if meant is not None:
            return meant
        texts = self._wordings.texts(turn)
        if not texts:
            return self._without_words(turn, conversation)
        for name in self._wordings.names(texts):
            step = self._commands.do(name, conversation, turn.channel)
            if step is not None:
                return step
        match = self._match(turn, explain=explain)
        if match.status != "answer":
            part = self._chosen_by_words(texts, conversation)
            if part is not None:
                return self._replies.tell(part, conversation, turn.channel)
        if match.status == "unknown":
            match = self._follow_ups.match(turn, conversation, explain=explain) or match
        reply, after = self._from_match(match, conversation, turn.channel)
        return replace(reply, explain=match.explain), after

    def _meant(self, turn: Turn, conversation: Conversation) -> Step | None:
        """Return the reply to what is meant without words: a key, a platform's own intent."""
        entry = self._entries.get(turn.entry_id and entry_key(turn.entry_id))
        if entry is not None:
            return self._replies.tell(entry, conversation, turn.channel)
        if turn.command == START:
            return self._replies.greet(turn.channel)
        if turn.command in COMMANDS or turn.command in CHOICES:
            step = self._commands.do(turn.command, conversation, turn.channel)
            return step or self._replies.help(conversation, turn.channel)
        return None

    def _without_words(self, turn: Turn, conversation: Conversation) -> Step:
        """Return the reply to silence, or to an entry that cannot be told."""
        if turn.entry_id:
            return self._replies.missed("unknown", conversation, turn.channel)
        if not turn.spoken:
            return Reply("no_input", self._prompts.say("no_input")), conversation
        silences = conversation.silences + 1
        if silences >= SILENCES_BEFORE_GOODBYE:
            return self._replies.goodbye("no_input")
        speech = self._prompts.say("nothing_heard")
        if turn.channel.keeps_open:  # a line or a device: nobody is told to come closer
            speech = self._replies.open_question(conversation, turn.channel)
        return Reply("no_input", speech), replace(conversation, silences=silences)

    def _from_match(self, match: Match, conversation: Conversation, channel: Channel) -> Step:
        if match.status == "clarify":
            return self._replies.clarify(match.candidates, conversation, channel)
        best = match.candidates[0].entry_id if match.status == "answer" else None
        entry = self._entries.get(best and entry_key(best))
        if entry is None:
            step = self._replies.missed("unknown", conversation, channel)
        else:
            step = self._replies.tell(entry, conversation, channel)
        return replace(step[0], score=match.score, candidates=match.candidates), step[1]

    def _chosen_by_words(self, texts: Sequence[str], conversation: Conversation) -> FaqEntry | None:
        """Return the offered entry that the first text to name one names."""
        offered = self._entries.of(conversation.offered)
        questions = [self._wordings.normalize(entry.question) for entry in offered]
        for text in texts:
            place = chosen_by_words(text, questions, self._wordings.light)
            if place is not None:
                return offered[place]
        return None
