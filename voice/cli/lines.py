"""Read questions from a pipe, one a line, in bounded memory and of any bytes."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO, Final

from voice.errors import InputError
from voice.types import MAX_QUESTION_CHARS

# UTF-8 takes up to four bytes a character; then "\r\n", and a byte order mark before the first.
# A line cut here still has more characters than a question may have.
_MAX_LINE_BYTES: Final = 4 * MAX_QUESTION_CHARS + 5


def read_questions(pipe: BinaryIO) -> Iterator[str]:
    """Give each line as soon as it is there; the end of a line too long for `checked` is lost.

    Bytes that are not UTF-8 become replacement characters.
    """
    mark = codecs.BOM_UTF8
    while line := pipe.readline(_MAX_LINE_BYTES):
        if len(line) == _MAX_LINE_BYTES and not line.endswith(b"\n"):
            _skip_line(pipe)
        yield line.removeprefix(mark).rstrip(b"\r\n").decode("utf-8", "replace")
        mark = b""


def checked(question: str) -> str:
    """Return the question; raises InputError when it is too long."""
    if len(question) > MAX_QUESTION_CHARS:
        raise InputError(
            f"a question may have {MAX_QUESTION_CHARS:,} characters; this one has more",
            code="too_long",
        )
    return question


def _skip_line(pipe: BinaryIO) -> None:
    while (rest := pipe.readline(_MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        pass
