"""Read the fields of a request, whichever form they came in, and name the one that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from flask import Request

from voice.errors import InputError
from voice.server.errors import refusal
from voice.strict_json import parse_object

MAX_NAME_CHARS: Final = 200
FORM_TYPES: Final = ("application/x-www-form-urlencoded", "multipart/form-data")

_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,4}")
_SURROGATE = re.compile("[\ud800-\udfff]")

Fields = Mapping[str, Any]


def json_fields(request: Request) -> Fields:
    """Return the fields of a JSON body; raises InputError."""
    return parse_object(request.get_data(cache=False))


def form_items(request: Request) -> list[tuple[str, str]]:
    """Return names and values of a form in order; raises InputError for one without a name."""
    items = list(request.form.items(multi=True))
    if any(name is None for name, _ in items):  # Werkzeug's types do not tell of it
        raise refusal(400, "bad_request", "a part of the form has no name")
    return items


def form_fields(request: Request) -> Fields:
    """Return the fields of a form; raises InputError when one is given twice."""
    fields: dict[str, str] = {}
    for name, value in form_items(request):
        if name in fields:
            raise invalid_field(name[:MAX_NAME_CHARS], "is given twice", http_status=400)
        fields[name] = value
    return fields


def text_fields(request: Request) -> Fields:
    """Return a plain text body as the field `question`; raises InputError."""
    try:
        return {"question": request.get_data(cache=False).decode("utf-8")}
    except UnicodeDecodeError:
        raise refusal(400, "bad_request", "the text is not UTF-8") from None


def text_field(fields: Fields, name: str, max_chars: int) -> str | None:
    """Return a text, None without one; raises InputError when it is none or too long."""
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise invalid_field(name, "must be text")
    if len(value) > max_chars:
        raise refusal(413, "too_large", f"{name} is longer than {max_chars:,} characters")
    return clean(value)


def required_text(fields: Fields, name: str, max_chars: int) -> str:
    """Return a text that must be there; it may be empty."""
    value = text_field(fields, name, max_chars)
    if value is None:
        raise invalid_field(name, "is missing")
    return value


def whole_number(fields: Fields, name: str, least: int, most: int) -> int | None:
    """Return a whole number in that range, None without one; raises InputError."""
    value = fields.get(name)
    if value is None:
        return None
    # To Python, true and false are numbers as well.
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise invalid_field(name, f"must be a whole number from {least} to {most}")
    return value


def locale_field(fields: Fields) -> str | None:
    """Return the language tag in `locale`, None without one; raises InputError."""
    value = text_field(fields, "locale", MAX_NAME_CHARS)
    if not value:
        return None
    if not _LOCALE.fullmatch(value):
        raise invalid_field("locale", "must be a language tag such as en-US")
    return value


def clean(text: str) -> str:
    """Return text that can be written anywhere: no NUL, no half of a surrogate pair."""
    return _SURROGATE.sub("\ufffd", text.replace("\0", " "))


def invalid_field(name: str, fault: str, http_status: int = 422) -> InputError:
    """Return the error that names a wrong field."""
    return refusal(http_status, "invalid_field", f"{clean(name)} {fault}")
