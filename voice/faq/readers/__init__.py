"""Readers of FAQ files: one file per format, chosen by suffix and by looking at the text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from voice.errors import FaqError
from voice.faq.build import build_faq
from voice.faq.model import Faq
from voice.faq.readers.protocol import Reader
from voice.faq.readers.seed import SeedReader
from voice.faq.readers.source import read_text
from voice.faq.readers.yaml import YamlReader

READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "yaml": YamlReader(),
        "seed": SeedReader(),
    }
)


def read_faq(path: Path) -> Faq:
    """Return the FAQ of a file; raises FaqError with all its faults, each one line."""
    text = read_text(path)
    reader = _choose(path, text)
    if reader is None:
        raise FaqError([f"{path}: not an FAQ: neither YAML nor questions with answers below them"])
    return build_faq(reader.read(text, path.stem), str(path))


def suffixes() -> tuple[str, ...]:
    """Return the suffixes that FAQ files may have, as ".yaml"."""
    return tuple(suffix for reader in READERS.values() for suffix in reader.suffixes)


def _choose(path: Path, text: str) -> Reader | None:
    """Return the reader of the suffix; where the text looks like another format, that one's."""
    suffix = path.suffix.lower()
    named = [reader for reader in READERS.values() if suffix in reader.suffixes]
    alike = [reader for reader in READERS.values() if reader.looks_like(text)]
    both = [reader for reader in named if reader in alike]
    return next(iter([*both, *alike, *named]), None)
