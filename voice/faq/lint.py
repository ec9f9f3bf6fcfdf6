"""Check an FAQ file for everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

from voice.errors import FaqError
from voice.faq.readers import read_faq


def check_faq(path: Path) -> list[str]:
    """Return every fault of the file as "file:line: field: message"; empty means it is fine."""
    try:
        read_faq(path)
    except FaqError as error:
        return list(error.faults)
    return []
