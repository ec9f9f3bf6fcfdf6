"""How an entry is told: page by page, then its `more`, then what is related to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from voice.conversation import ANYTHING_ELSE, GO_ON, RELATED, Conversation, entry_key
from voice.dialogue.entries import MAX_CHOICES, Entries
from voice.dialogue.pages import cut_pages
from voice.dialogue.prompts import Prompts, join
from voice.faq import Faq, FaqEntry
from voice.tts.spoken_table import load_table
from voice.types import Channel

ENDINGS: Final = ("page_offer", "more_offer", "related_offer", "anything_else")

Said = tuple[str, Conversation]


class Page(NamedTuple):
    """A part of an entry that is said in one turn."""

    text: str
    ending: str | None  # the phrase that asks whether to go on
    is_more: bool = False


class Telling:
    """Tell entries of one FAQ, and remember in the conversation how far that went."""

    def __init__(self, faq: Faq, prompts: Prompts, entries: Entries) -> None:
        self._notice = faq.notice
        self._prompts = prompts
        self._entries = entries
        self._abbreviations = frozenset(map(str.lower, load_table(faq.locale).abbreviations))
        endings = max(len(prompts.say(name)) for name in ENDINGS)
        self._reserve = endings + len(faq.notice or "") + 2  # two blanks

    def tell(self, entry: FaqEntry, conversation: Conversation, channel: Channel) -> Said:
        """Return the first page of an entry, with the notice where it was not said yet."""
        after = replace(conversation, last=entry_key(entry.id), misses=0, noticed=True)
        notice = None if conversation.noticed else self._notice
        return self._say_page(entry, 0, after, channel, notice)

    def again(self, entry: FaqEntry, conversation: Conversation, channel: Channel) -> Said:
        """Return the page that was said last."""
        return self._say_page(entry, conversation.page, conversation, channel)

    def go_on(self, entry: FaqEntry, conversation: Conversation, channel: Channel) -> Said:
        """Return what comes after the page that was said last."""
        pages = self._pages(entry, channel)
        if conversation.page + 1 < len(pages):
            return self._say_page(entry, conversation.page + 1, conversation, channel)
        related = self._entries.related(entry)[:MAX_CHOICES]
        if related:
            keys = tuple(entry_key(each.id) for each in related)
            after = replace(conversation, offered=keys, pending=RELATED)
            return self._prompts.choices("related", related, channel), after
        first = next((number for number, page in enumerate(pages) if page.is_more), None)
        if first is not None:
            return self._say_page(entry, first, conversation, channel)
        return self.close(self._prompts.say("no_more"), conversation, channel)

    def close(self, speech: str, conversation: Conversation, channel: Channel) -> Said:
        """Return speech that leaves nothing open; where the channel stays so, with a question."""
        if not channel.keeps_open:
            return speech, conversation
        question = self._prompts.say("anything_else")
        after = replace(conversation, offered=(), pending=ANYTHING_ELSE)
        return join(speech, question), after

    def question(self, conversation: Conversation, channel: Channel) -> str | None:
        """Return the question that is open, for who says nothing or something else."""
        offered = self._entries.of(conversation.offered)
        last = self._entries.get(conversation.last)
        if len(offered) == 1:
            name = RELATED if conversation.pending == RELATED else "clarify"
            return self._prompts.choices(name, offered, channel)
        if offered:
            return self._prompts.say("choose_again")
        if conversation.pending == ANYTHING_ELSE:
            return self._prompts.say("anything_else")
        if conversation.pending == GO_ON and last:
            ending = self._page(last, conversation.page, channel).ending
            return ending and self._prompts.say(ending)
        return None

    def _say_page(
        self,
        entry: FaqEntry,
        number: int,
        conversation: Conversation,
        channel: Channel,
        notice: str | None = None,
    ) -> Said:
        text, ending, _ = self._page(entry, number, channel)
        after = replace(conversation, page=number, offered=(), pending="")
        if ending is None:
            return self.close(join(text, notice), after, channel)
        return join(text, notice, self._prompts.say(ending)), replace(after, pending=GO_ON)

    def _page(self, entry: FaqEntry, number: int, channel: Channel) -> Page:
        pages = self._pages(entry, channel)
        return pages[min(number, len(pages) - 1)]  # the FAQ may have changed since

    def _pages(self, entry: FaqEntry, channel: Channel) -> list[Page]:
        limit = self._limit(channel)
        answer = cut_pages(entry.answer, limit, self._abbreviations)
        more = cut_pages(entry.more or "", limit, self._abbreviations)
        ending = "more_offer" if more else self._ending(entry, channel)
        return [
            *(Page(text, "page_offer") for text in answer[:-1]),
            Page(answer[-1], ending),
            *(Page(text, "page_offer", is_more=True) for text in more[:-1]),
            *(Page(text, self._ending(entry, channel), is_more=True) for text in more[-1:]),
        ]

    def _ending(self, entry: FaqEntry, channel: Channel) -> str | None:
        """Return how all that is to be said ends."""
        offers = channel.keeps_open and self._entries.related(entry)
        return "related_offer" if offers else None

    def _limit(self, channel: Channel) -> int | None:
        """Return how long the text of a page may be, so that notice and question fit."""
        if channel.page_chars is None:
            return None
        return max(channel.page_chars - self._reserve, channel.page_chars // 2, 1)
