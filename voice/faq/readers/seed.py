"""Plain text: a line that ends in a question mark, then the paragraphs of its answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from voice.faq.document import Document
from voice.faq.faults import Fault, Place

LOCALE: Final = "en"  # the form has no place for another
_NUMBER: Final = re.compile(r"\d{1,4}[.)]\s+")
_STRUCTURED: Final = re.compile(r"[-{\[#&?]|\w+\s*:")  # how YAML and JSON begin
_QUESTION: Final = re.compile("[?\uff1f؟][\"'”’»)]*$")  # noqa: RUF001

Block = tuple[int, list[str]]  # line number from 1, lines


class SeedReader:
    """Reads questions and answers that are set apart by blank lines."""

    suffixes: tuple[str, ...] = (".txt",)

    def looks_like(self, text: str) -> bool:
        """Return whether the first line is a question."""
        first = next(line for line in text.splitlines() if line.strip())
        return _is_question(first) and not _STRUCTURED.match(first)

    def read(self, text: str, name: str) -> Document:
        """Return the entries; the title is the file's name, the locale English."""
        entries: list[dict[str, Any]] = []
        lines: dict[Place, int] = {}
        faults = [
            Fault("a question inside an answer; put a blank line before it", number)
            for number in _hidden_questions(text)
        ]
        for number, question, answer in _pairs(text):
            place = ("entries", len(entries))
            if not question:
                faults.append(Fault("text before the first question", number))
                continue
            lines[place] = number
            entry = {"question": _NUMBER.sub("", question, count=1), "answer": answer}
            entries.append({field: value for field, value in entry.items() if value})
        header = {"title": _title(name), "locale": LOCALE}
        return Document({**header, "entries": entries}, lines, tuple(faults))


def _title(name: str) -> str:
    """Return the words of a file name."""
    words = re.sub(r"[-_\s]+", " ", "".join(filter(str.isprintable, name))).strip()
    return words if any(map(str.isalnum, words)) else "FAQ"


def _pairs(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line number, question and answer; the question is "" for text before the first.

    Where a question stands alone, only lines that stand alone are questions: a paragraph of an
    answer may then begin with one.
    """
    blocks = list(_blocks(text))
    alone = _stand_alone(blocks)
    number, question, answer = 0, "", list[str]()
    for start, lines in blocks:
        if _is_question(lines[0]) and (len(lines) == 1 or not alone):
            if question:
                yield number, question, "\n\n".join(answer)
            number, question, answer = start, lines[0], []
            lines = lines[1:]
        elif not question:
            yield start, "", " ".join(lines)
            continue
        if lines:
            answer.append(" ".join(lines))
    if question:
        yield number, question, "\n\n".join(answer)


def _hidden_questions(text: str) -> Iterator[int]:
    """Yield the lines of questions that would be taken for a part of the answer before."""
    blocks = list(_blocks(text))
    if not _stand_alone(blocks):
        for start, lines in blocks:
            yield from (start + n for n, line in enumerate(lines) if n and _is_question(line))


def _stand_alone(blocks: list[Block]) -> bool:
    return any(len(lines) == 1 and _is_question(lines[0]) for _, lines in blocks)


def _blocks(text: str) -> Iterator[Block]:
    lines: list[str] = []
    number = 0
    for number, line in enumerate([*text.split("\n"), ""], 1):  # noqa: B007
        if line.strip():
            lines.append(line.strip())
        elif lines:
            yield number - len(lines), lines
            lines = []


def _is_question(line: str) -> bool:
    return _QUESTION.search(line.strip()) is not None
