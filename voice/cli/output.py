"""Print results: JSON lines for programs, tables for people, plain text for everything else."""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

# Control and format characters, lone surrogates, line and paragraph ends.
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# What JSON leaves as it is and terminals or str.splitlines() do not.
_LINE_ENDS: Final = re.compile("[\x7f-\x9f\u2028\u2029]")


def open_streams() -> None:
    """Make the standard streams fit for any text; a closed one is empty, or goes nowhere."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            # Also keeps its number taken: the pipe of a child must not get it.
            nowhere = os.fdopen(os.open(os.devnull, os.O_RDWR), "r+", encoding="utf-8")
            setattr(sys, name, nowhere)
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            # Files and pipes are UTF-8 whatever the locale, as JSON wants it.
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")


def for_people() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout.isatty()


def readable(text: str) -> str:
    """Return text with every lone surrogate as a replacement character."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def tidy(text: str) -> str:
    """Return text on one line, without what could steer a terminal."""
    spaced = " ".join(text.split())
    return "".join("�" if unicodedata.category(c) in _UNPRINTABLE else c for c in spaced)


def put(text: str = "") -> None:
    """Print a line and hand it over at once; raises OSError when it cannot be written."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def put_json(body: Mapping[str, Any]) -> None:
    """Print one JSON object on one line, whatever a reader takes for the end of a line."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, default=str)
    put(_LINE_ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def put_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their column names: with lines on a terminal, aligned text elsewhere."""
    if for_people():
        _put_rich_table(columns, rows)
        return
    cells = [list(columns), *([tidy(cell) for cell in row] for row in rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(columns))]
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        put(line.rstrip())


def _put_rich_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for index, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=index == 0)
    for row in rows:
        table.add_row(*(Text(tidy(cell)) for cell in row))
    Console().print(table)
