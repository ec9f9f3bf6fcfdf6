"""Whole utterances that mean something of themselves: commands, choices, wordings of the FAQ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from voice.conversation import entry_key
from voice.dialogue.entries import Entries
from voice.faq import Faq
from voice.matching.normalize import normalize
from voice.phrases import Phrases
from voice.types import Turn

# Longer than any wording of an FAQ or a command; the rest of a long story changes nothing here.
MAX_WORDING_CHARS: Final = 600


class Wordings:
    """Tell what a turn means when it is one of these and nothing more."""

    def __init__(self, faq: Faq, phrases: Phrases, entries: Entries) -> None:
        self._locale = faq.locale
        self._entries = entries
        self._faq = {
            self.normalize(wording): entry_key(entry.id)
            for entry in faq.entries
            for wording in entry.phrases
        }
        self._choices = self._by_wording(phrases.choices)
        self._commands = self._by_wording(phrases.commands)
        choosing = ("first", "second", "third", "yes")
        self.light = frozenset(
            word
            for wording, name in self._choices.items()
            if name in choosing
            for word in wording.split()
        )

    def texts(self, turn: Turn) -> list[str]:
        """Return what was said, normalized, best first; nothing for silence."""
        heads = (text[:MAX_WORDING_CHARS] for text in turn.texts)
        return [text for text in map(self.normalize, heads) if text]

    def names(self, texts: Sequence[str]) -> list[str]:
        """Return the commands and choices that the texts are, but for a wording of the FAQ."""
        if self._entries.get(self._faq.get(texts[0])) is not None:
            return []
        names = (self._choices.get(text) or self._commands.get(text) for text in texts)
        return [name for name in names if name is not None]

    def normalize(self, text: str) -> str:
        """Return text as wordings are compared."""
        return normalize(text, self._locale)

    def _by_wording(self, table: Mapping[str, Sequence[str]]) -> dict[str, str]:
        return {
            self.normalize(wording): name
            for name, wordings in table.items()
            for wording in wordings
        }
