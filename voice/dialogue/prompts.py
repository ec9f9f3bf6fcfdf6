"""The assistant's own sentences, filled in: choices, hand-off, greeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from voice.dialogue.pages import cut_pages
from voice.faq import Contact, Faq, FaqEntry
from voice.phrases import Phrases
from voice.types import Channel

ORDINALS: Final = ("first", "second", "third")
_CUT: Final = " …"  # behind a question that is too long to be said whole


class Prompts:
    """Say things about one FAQ in its language."""

    def __init__(self, faq: Faq, phrases: Phrases) -> None:
        self._faq = faq
        self._phrases = phrases

    def say(self, name: str, **fields: str) -> str:
        """Return the phrase of that name, a key of `phrases.SAY`."""
        return self._phrases.say[name].format(**fields)

    def greeting(self) -> str:
        """Return what opens a conversation, with the FAQ's notice."""
        greeting = self._faq.greeting or self.say("greeting")
        return join(greeting, self._faq.notice)

    def help(self) -> str:
        """Return what can be asked and said."""
        return self.say("help", title=self._faq.title)

    def choices(self, name: str, entries: Sequence[FaqEntry], channel: Channel) -> str:
        """Return the question which of one to three entries is wanted.

        `name` is "clarify" or "related"; with "_one" behind it, it is the phrase for a single one.
        """
        limit = channel.page_chars and max(channel.page_chars // (len(entries) + 1), 1)
        questions = [_shortened(entry.question, limit) for entry in entries]
        if len(questions) == 1:
            return self.say(f"{name}_one", question=questions[0])
        numbered = [
            self.say(f"choice_{ordinal}", question=question)
            for ordinal, question in zip(ORDINALS, questions, strict=False)
        ]
        return self.say(name, choices=" ".join(numbered))

    def hand_off(self, without_contact: str = "hand_off_without_contact") -> str:
        """Return whom to turn to, or that phrase when the FAQ names nobody."""
        contact = self._faq.contact
        if contact is None:
            return self.say(without_contact)
        return join(self.say("hand_off", contact=contact.say), *self._ways(contact))

    def _ways(self, contact: Contact) -> list[str]:
        """Return how to reach the contact, as far as its own words do not tell it."""
        ways = {"phone": contact.phone, "email": contact.email, "url": contact.url}
        return [
            self.say(f"contact_{name}", **{name: way})
            for name, way in ways.items()
            if way and way not in contact.say
        ]


def join(*texts: str | None) -> str:
    """Return the texts that there are, one after the other."""
    return " ".join(filter(None, texts))


def _shortened(question: str, limit: int | None) -> str:
    pages = cut_pages(question, limit)
    if not pages[1:]:
        return question
    return pages[0] + _CUT + ("?" if question.endswith("?") else "")
