"""Web and e-mail addresses, said word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from voice.tts.spoken_table import SpokenTable

_MAX_PATH: Final = 60  # characters; nobody remembers a longer one, so only the site is said
_TOP_LEVEL: Final = (
    "com|org|net|edu|gov|info|io|dev|app|ai|eu|uk|us|ca|au|nz|ie|de|at|ch|fr|es|it|nl|be|pt|pl|se"
    "|no|dk|fi|cz|example|health|museum|shop"
)
_HOST: Final = r"(?:[\w-]{1,63}\.){1,5}"
_EMAIL: Final = re.compile(
    rf"(?:mailto:)?(?<![\w.+-])([\w.+-]{{1,64}})@({_HOST}[A-Za-z]{{2,24}})\b"
)
_URL: Final = re.compile(
    rf"(?:\bhttps?://(?:www\.)?|\bwww\.)([^\s<>\"'“”‘’]{{1,500}})"
    rf"|(?<![\w@.-])({_HOST}(?:{_TOP_LEVEL})(?:/[^\s<>\"']{{0,300}})?)(?![\w-])",
    re.IGNORECASE,
)
_TRAILING: Final = ".,;:!?…"
_SIGNS: Final = {
    ".": "dot",
    "/": "slash",
    "-": "dash",
    "_": "underscore",
    ":": "colon",
    "+": "plus",
}


def say_addresses(text: str, table: SpokenTable) -> str:
    """Return the text with "example dot org slash hours" for an address.

    The scheme, "www." and what follows "?" or "#" are left out; a language without words for the
    signs keeps them.
    """
    if "." not in text and "://" not in text:
        return text
    words = table.words
    at = f" {words['at']} " if "at" in words else "@"
    text = _EMAIL.sub(lambda m: f"{_spelled(m[1], words)}{at}{_spelled(m[2], words)}", text)
    return _URL.sub(lambda m: _said_url(m[1] or m[2], words), text)


def _said_url(address: str, words: Mapping[str, str]) -> str:
    bare = address.rstrip(_TRAILING)
    if bare.endswith(")") and "(" not in bare:
        bare = bare.rstrip(")" + _TRAILING)
    rest = address[len(bare) :]
    host, _, path = re.split(r"[?#]", bare, maxsplit=1)[0].partition("/")
    path = unquote(path).strip("/")
    if path and len(path) <= _MAX_PATH:
        host = f"{host}/{path}"
    return _spelled(host, words) + rest


def _spelled(address: str, words: Mapping[str, str]) -> str:
    def said(sign: re.Match[str]) -> str:
        word = words.get(_SIGNS[sign[0]])
        return f" {word} " if word else sign[0]

    return re.sub(r"[./_:+-]", said, address)
