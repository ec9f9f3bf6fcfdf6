"""What is only there to be seen: Markdown, HTML, emoji, brackets; lists become sentences."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

Rules = Sequence[tuple[re.Pattern[str], str]]

# Emoji with their modifiers, arrows, boxes, dingbats, trade marks: engines skip them or say
# "grinning face".
_PICTURE: Final = (
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\ufe00-\ufe0f\u20e3\U000e0000-\U000e01ef\u2122\u00a9\u00ae]+"
)
_JOINERS: Final = "\u200c\u200d"  # they belong to the spelling of Persian and of Indian languages
_SHORT_LINE: Final = 50  # characters; a longer line was broken only to fit

_INLINE: Final[Rules] = (
    (re.compile(r"[^\S\n]+"), " "),
    (re.compile(r"^ ?(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"!?\[([^\[\]\n]{1,300})\]\([^()\s]{1,500}(?: \"[^\"\n]{0,200}\")?\)"), r"\1"),
    (re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,500})>"), r"\1"),
    (re.compile(r"<(?:br|/?p|/?div|/?li|/?tr|/h[1-6])\b[^<>]{0,200}>", re.IGNORECASE), "\n\n"),
    (re.compile(r"</?[A-Za-z!][^<>]{0,300}>"), " "),
    (re.compile(r"`+|~~+"), ""),
)
_ENTITY: Final = re.compile(r"&(?:[A-Za-z]{2,10}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")

_RULER: Final = re.compile(r"[-*_= ]{3,}|[-|: ]{2,}")
_HEAD: Final = re.compile(r"#{1,6} +|>[> ]*")
_BULLET: Final = re.compile(rf"(?:[-*+•‣◦·●○▪–—]|{_PICTURE}) +(?:\[[ xX]\] +)?(?=\S)")
_NUMBERED: Final = re.compile(r"(\d{1,3}|[A-Za-z])[.)] +(?=\S)")
_ENDED: Final = re.compile(r"[.!?:;,…。！？][\"'”’)\]*_]{0,3}$")

_LOOKS: Final[Rules] = (
    (re.compile("[‘’ʼ´]"), "'"),
    (re.compile('["“”„«»‹›]'), ""),
    (re.compile(r"(?<!\w)'+|'+(?!\w)"), ""),
    (re.compile(r"(?<=\d) ?\* ?(?=\d)"), "×"),
    (re.compile(r"\*+|_{2,}|(?<!\w)_|_(?!\w)"), ""),
    (re.compile(r"(?<=\w)\((s|es|n|en|r)\)"), r"\1"),  # joint(s)
    (re.compile(r" ?\[\d{1,3}\]"), ""),  # a note
    (re.compile(r" ?[()\[\]{}|]+ ?"), ", "),
    (re.compile(r" [-–]{1,3} (?=\D)|(?<=\D) [-–]{1,3} | ?(?:—|--+) ?| [•·●▪] "), ", "),
    (re.compile("[‐‑‒–−]"), "-"),
    (re.compile(r"(?:…|\.{2,})+"), "…"),
    (re.compile(r" ?… ?(?=[a-zß-ÿ])"), ", "),
    (re.compile("…"), ". "),
    (re.compile(r"[\\^]+"), " "),
)


class _Line(NamedTuple):
    words: str
    starts: bool = False  # a sentence of its own begins
    ends: bool = False  # and another one after it


def unmarked(text: str) -> str:
    """Return the text on one line without Markdown, HTML and pictures; each block is ended."""
    text = applied(_INLINE, unicodedata.normalize("NFC", text))
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return "".join(map(_seen, re.sub(_PICTURE, " ", _sentences(text))))


def paused(text: str) -> str:
    """Return the text without quotes and emphasis, with pauses for brackets and dashes."""
    return applied(_LOOKS, text)


def applied(rules: Rules, text: str) -> str:
    """Return the text after each replacement in turn."""
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


def _seen(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return "" if unicodedata.category(character) == "Cf" else " "


def _sentences(text: str) -> str:
    lines = [line.strip() for line in text.split("\n")]
    numbered = sum(bool(_NUMBERED.match(line)) for line in lines) > 1
    blocks: list[str] = []
    fresh = True
    for line in (_line(line, numbered) for line in lines):
        if line.words and (fresh or line.starts):
            blocks.append(line.words)
        elif line.words:
            blocks[-1] += _joint(blocks[-1], line.words) + line.words
        fresh = line.ends or not line.words
    if len(blocks) < 2:
        return "".join(blocks)
    return " ".join(block if _ENDED.search(block) else f"{block}." for block in blocks)


def _line(line: str, numbered: bool) -> _Line:
    if _RULER.fullmatch(line):
        return _Line("")
    if head := _HEAD.match(line):
        return _Line(line[head.end() :], starts=line[0] == "#", ends=line[0] == "#")
    if bullet := _BULLET.match(line):
        return _Line(line[bullet.end() :], starts=True)
    if numbered and (number := _NUMBERED.match(line)):
        return _Line(f"{number[1]}: {line[number.end() :]}", starts=True)
    if line.startswith("|") and line.endswith("|"):
        return _Line(line.strip("| ").replace("|", ", "), starts=True, ends=True)
    return _Line(line)


def _joint(before: str, after: str) -> str:
    """Return a pause between short lines, as of an address, and a blank in running text."""
    is_listed = len(before) < _SHORT_LINE and not _ENDED.search(before) and not after[0].islower()
    return ", " if is_listed else " "
