"""What a reader of one FAQ format does."""

from __future__ import annotations

from typing import Protocol

from voice.faq.document import Document


class Reader(Protocol):
    """Reads one format of FAQ files."""

    suffixes: tuple[str, ...]  # lower case, with the dot

    def looks_like(self, text: str) -> bool:
        """Return whether the text seems to be of this format; a quick look, no reading."""

    def read(self, text: str, name: str) -> Document:
        """Return the document, with what is wrong about its form; `name` is the file's stem."""
