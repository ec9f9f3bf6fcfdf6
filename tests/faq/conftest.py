"""What the tests of the FAQ room share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from voice.faq import Faq
from voice.faq.readers import read_faq


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a writer of one file, as text or bytes."""

    def write_file(content: str | bytes, name: str = "faq.yaml") -> Path:
        path = tmp_path / name
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        path.write_bytes(data)
        return path

    return write_file


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., Faq]:
    """Return a reader of an FAQ that is given as text."""

    def read_text(content: str | bytes, name: str = "faq.yaml") -> Faq:
        return read_faq(write(content, name))

    return read_text
