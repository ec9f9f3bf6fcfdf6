"""What is wrong with an FAQ file and where, in words for the person who wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from rapidfuzz import fuzz, process

from voice.faq.model import Case, Contact, Faq, FaqEntry

Place = tuple[str | int, ...]  # ("entries", 3, "answer"), as pydantic gives it

_MAX_LINE: Final = 400  # characters
_NEAR: Final = 60  # of 100: how alike an unknown key must be to a known one to be named
_MESSAGES: Final[Mapping[str, str]] = {
    "missing": "field required",
    "string_type": "must be text; put it in quotes if it holds a colon followed by a space",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "string_unicode": "holds half a character (a surrogate)",
    "tuple_type": "must be a list",
    "dict_type": "must hold names and values",
    "model_type": "must hold names and values",
    "model_attributes_type": "must hold names and values",
    "too_short": "must hold at least {min_length}",
    "too_long": "must hold at most {max_length}",
    "literal_error": "must be {expected}",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "value_error": "{error}",
}
_PATTERNS: Final = {
    "id": "must not hold control characters",
    "locale": "must be a language tag as en or en-US",
}
_MODELS: Final[Mapping[str, type[BaseModel]]] = {
    "": Faq,
    "entries": FaqEntry,
    "contact": Contact,
    "cases": Case,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file."""

    message: str
    line: int | None = None  # from 1
    place: Place = ()

    def describe(self, file: str) -> str:
        """Return "file:line: field: message", without the parts that are not known."""
        where = file if self.line is None else f"{file}:{self.line}"
        field = field_name(self.place)
        return _printable(": ".join(part for part in (where, field, self.message) if part))


def field_name(place: Place) -> str:
    """Return a place as people write it: entries[3].answer."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in place]
    return "".join(parts).removeprefix(".")


def explain(error: ValidationError) -> list[tuple[Place, str]]:
    """Return place and message of everything that a model found wrong."""
    details = error.errors(include_url=False, include_input=False)
    faulty = {detail["loc"][:1] for detail in details if len(detail["loc"]) > 1}
    return [
        (detail["loc"], _message(detail["loc"], detail))
        for detail in details
        if not _follows(detail["type"], detail["loc"], faulty)
    ]


def _follows(kind: str, place: Place, faulty: set[Place]) -> bool:
    """Return whether a fault only follows from another, which is told, too.

    A list whose items are faulty also counts as too short, and a question that is no text gives
    no id.
    """
    return (kind == "too_short" and place in faulty) or (
        kind == "missing" and place[-1:] == ("id",)
    )


def _message(place: Place, detail: Mapping[str, Any]) -> str:
    kind = str(detail["type"])
    if kind == "extra_forbidden":
        return _unknown_key(place)
    if kind == "string_pattern_mismatch":
        field = str(place[-1]) if isinstance(place[-1], str) else "id"
        return _PATTERNS.get(field, _PATTERNS["id"])
    if kind.startswith("date"):
        return "must be a date as 2026-01-31"
    template = _MESSAGES.get(kind)
    if template is not None:
        return template.format(**detail.get("ctx", {}))
    message = str(detail["msg"])
    return message[:1].lower() + message[1:]


def _printable(line: str) -> str:
    """Return a line that any terminal shows as one line; names may hold anything."""
    shown = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in line
    )
    return shown if len(shown) <= _MAX_LINE else shown[: _MAX_LINE - 3] + "..."


def _unknown_key(place: Place) -> str:
    known = known_keys(place[:-1])
    nearest = process.extractOne(str(place[-1]), known, scorer=fuzz.ratio, score_cutoff=_NEAR)
    if nearest:
        return f"unknown field; did you mean {nearest[0]}?"
    return f"unknown field; known are {', '.join(known)}"


def known_keys(place: Sequence[str | int]) -> list[str]:
    """Return the names that may stand at a place of the file."""
    model = _MODELS.get(str(place[0]) if place else "", Faq)
    return [field.alias or name for name, field in model.model_fields.items()]
