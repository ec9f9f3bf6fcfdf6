"""Read the JSON that platforms send; what is not as it should be counts as not sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from voice.types import MAX_QUESTION_CHARS

_LOCALE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}")


def record(value: Any, *path: str) -> Mapping[str, Any]:
    """Return the object that the path leads to, an empty one where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def records(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list, none where there is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: Mapping[str, Any], name: str) -> str:
    """Return a field's text, "" without one; NUL and halves of characters are replaced."""
    found = value.get(name)
    if not isinstance(found, str):
        return ""
    return found[:MAX_QUESTION_CHARS].replace("\0", " ").encode("utf-8", "replace").decode()


def locale(value: Mapping[str, Any], name: str) -> str | None:
    """Return the language tag in a field."""
    tag = text(value, name)
    return tag if _LOCALE.fullmatch(tag) else None
