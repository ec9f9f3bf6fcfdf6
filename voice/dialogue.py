"""Turn a match into a reply: choices, commands, repeats, and the honest "I don't know"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from voice.conversation import Conversation
from voice.faq import Faq, FaqEntry
from voice.matching.normalize import normalize
from voice.phrases import CHOICES, COMMANDS, Phrases
from voice.types import Answer, Candidate, Match, Reply, Turn

MAX_CHOICES: Final = 3  # more cannot be held by ear
MISSES_BEFORE_HAND_OFF: Final = 2
ORDINALS: Final = ("first", "second", "third")
# A part of an offered wording this short says too little to choose by.
MIN_PART_CHARS: Final = 4
# Longer than any wording of an FAQ or a command; the rest of a long story changes nothing here.
MAX_WORDING_CHARS: Final = 600

Step = tuple[Reply, Conversation]


class Matching(Protocol):
    """How the dialogue asks for a match, as in `Matcher.match`."""

    def __call__(self, turn: Turn, *, explain: bool = False) -> Match:
        """Return what the FAQ has for a turn."""


class Dialogue:
    """Decide what is said; knows the FAQ and the phrases, remembers no caller."""

    def __init__(self, faq: Faq, phrases: Phrases, match: Matching) -> None:
        self._faq = faq
        self._phrases = phrases
        self._match = match
        self._entries = {entry.id: entry for entry in faq.entries}
        self._faq_wordings = frozenset(map(self._normalize, faq.phrases))
        self._commands = self._by_wording(phrases.commands)
        self._choices = self._by_wording(phrases.choices)

    def reply(self, turn: Turn, conversation: Conversation, *, explain: bool = False) -> Step:
        """Return the reply to a turn and the conversation after it."""
        meant = self._meant(turn, conversation)
        if meant is not None:
            return meant
        heads = (text[:MAX_WORDING_CHARS] for text in turn.texts)
        texts = [text for text in map(self._normalize, heads) if text]
        if not texts:
            silence = "nothing_heard" if turn.spoken else "no_input"
            return Reply("no_input", self._say(silence)), conversation
        chosen = self._chosen(texts, conversation)
        if chosen is not None:
            return self.tell(chosen, conversation)
        command = self._command(texts, conversation)
        if command is not None:
            return command
        match = self._match(turn, explain=explain)
        part = self._named_in_part(texts, conversation) if match.status != "answer" else None
        if part is not None:
            return self.tell(part, conversation)
        reply, after = self._from_match(match, conversation)
        return replace(reply, explain=match.explain), after

    def _meant(self, turn: Turn, conversation: Conversation) -> Step | None:
        """Return the reply to what is meant without words: a key, a platform's own intent."""
        if turn.entry_id in self._entries:
            return self.tell(self._entries[turn.entry_id], conversation)
        if turn.command == "start":
            return self.greet()
        if turn.command in COMMANDS:
            return self._obey(turn.command, conversation)
        if turn.command in CHOICES:
            wording = self._normalize(self._phrases.choices[turn.command][0])
            chosen = self._chosen([wording], conversation)
            if chosen is not None:
                return self.tell(chosen, conversation)
            return self._command([wording], conversation) or self._obey("help", conversation)
        return None

    def greet(self) -> Step:
        """Return the greeting that opens a conversation, with the FAQ's notice."""
        greeting = self._faq.greeting or self._say("greeting")
        speech = " ".join(filter(None, [greeting, self._faq.notice]))
        return Reply("command", speech), Conversation(noticed=True)

    def tell(self, entry: FaqEntry, conversation: Conversation, score: float = 1.0) -> Step:
        """Return the reply that answers with an entry."""
        speech = entry.answer
        if entry.more:
            speech = f"{speech} {self._say('more_offer')}"
        if self._faq.notice and not conversation.noticed:
            speech = f"{speech} {self._faq.notice}"
        answer = Answer(entry.id, entry.question, entry.answer)
        reply = Reply("answer", speech, question=entry.question, answer=answer, score=score)
        candidate = Candidate(entry.id, entry.question, score)
        return replace(reply, candidates=(candidate,)), Conversation(last=entry.id, noticed=True)

    def _from_match(self, match: Match, conversation: Conversation) -> Step:
        if match.status == "answer":
            entry = self._entries[match.candidates[0].entry_id]
            reply, after = self.tell(entry, conversation, match.score)
            return replace(reply, candidates=match.candidates), after
        if match.status == "clarify":
            return self._clarify(match.candidates, conversation)
        reply, after = self._missed("unknown", conversation)
        return replace(reply, score=match.score, candidates=match.candidates), after

    def _missed(self, phrase: str, conversation: Conversation) -> Step:
        """Return the reply to a turn that found no answer; the second in a row hands off."""
        misses = conversation.misses + 1
        if misses < MISSES_BEFORE_HAND_OFF:
            speech = self._say(phrase)
        else:
            speech, misses = self._hand_off("unknown_again"), 0
        reply = Reply("unknown", speech, hand_off=misses == 0)
        return reply, replace(conversation, offered=(), misses=misses)

    def _clarify(self, candidates: Sequence[Candidate], conversation: Conversation) -> Step:
        offered = candidates[:MAX_CHOICES]
        if len(offered) == 1:
            speech = self._say("clarify_one", question=offered[0].question)
        else:
            choices = [
                self._say(f"choice_{ordinal}", question=candidate.question)
                for ordinal, candidate in zip(ORDINALS, offered, strict=False)
            ]
            speech = self._say("clarify", choices=" ".join(choices))
        reply = Reply("clarify", speech, score=candidates[0].score, candidates=tuple(candidates))
        ids = tuple(candidate.entry_id for candidate in offered)
        return reply, replace(conversation, offered=ids)

    # --- choices -----------------------------------------------------------------------------

    def _chosen(self, texts: Sequence[str], conversation: Conversation) -> FaqEntry | None:
        """Return the offered entry that an ordinal or, when it is the only one, a yes names."""
        offered = conversation.offered
        for text in texts:
            name = self._choices.get(text)
            if name == "yes" and len(offered) == 1:
                return self._entries.get(offered[0])
            if name in ORDINALS[: len(offered)]:
                return self._entries.get(offered[ORDINALS.index(name)])
        return None

    def _named_in_part(self, texts: Sequence[str], conversation: Conversation) -> FaqEntry | None:
        """Return the only offered entry whose question holds the text."""
        for text in texts:
            held = [
                entry
                for entry in map(self._entries.get, conversation.offered)
                if entry is not None
                and len(text) >= MIN_PART_CHARS
                and f" {text} " in f" {self._normalize(entry.question)} "
            ]
            if len(held) == 1:
                return held[0]
        return None

    # --- commands ----------------------------------------------------------------------------

    def _command(self, texts: Sequence[str], conversation: Conversation) -> Step | None:
        """Return the reply to a command: it counts only as the whole utterance."""
        if texts[0] in self._faq_wordings:
            return None
        for text in texts:
            if conversation.offered and self._choices.get(text) in ("neither", "no"):
                return self._missed("neither_reply", conversation)
            if self._choices.get(text) == "yes" and conversation.last:
                return self._obey("more", conversation)  # the answer before ended by offering it
            if self._choices.get(text) == "no" and conversation.last:
                return Reply("command", self._say("declined")), conversation
            name = self._commands.get(text)
            if name is not None:
                return self._obey(name, conversation)
        return None

    def _obey(self, name: str, conversation: Conversation) -> Step:
        last = self._entries.get(conversation.last or "")
        if name in ("stop", "goodbye"):
            reply = Reply("command", self._say("stop_reply"), end_session=True)
            return reply, Conversation()
        if name in ("repeat", "slower"):
            return self._repeat(last, conversation)
        if name in ("more", "next"):
            nothing = self._say("no_more" if last else "repeat_nothing")
            speech = last.more if last and last.more else nothing
        elif name == "hand_off":
            speech, conversation = self._hand_off(), replace(conversation, misses=0)
        elif name == "thanks":
            speech = self._say("thanks_reply")
        else:
            speech = self._say("help", title=self._faq.title)
        return Reply("command", speech, hand_off=name == "hand_off"), conversation

    def _repeat(self, last: FaqEntry | None, conversation: Conversation) -> Step:
        entries = filter(None, map(self._entries.get, conversation.offered))
        offered = [Candidate(entry.id, entry.question, 0.0) for entry in entries]
        if offered:
            return self._clarify(offered, conversation)
        speech = last.answer if last else self._say("repeat_nothing")
        return Reply("command", speech), conversation

    def _hand_off(self, without_contact: str = "hand_off_without_contact") -> str:
        if self._faq.contact is None:
            return self._say(without_contact)
        return self._say("hand_off", contact=self._faq.contact.say)

    # --- words -------------------------------------------------------------------------------

    def _say(self, name: str, **fields: str) -> str:
        return self._phrases.say[name].format(**fields)

    def _normalize(self, text: str) -> str:
        return normalize(text, self._faq.locale)

    def _by_wording(self, table: Mapping[str, Sequence[str]]) -> dict[str, str]:
        return {
            self._normalize(wording): name
            for name, wordings in table.items()
            for wording in wordings
        }
