"""Read JSON that a stranger sent: small, shallow, and meaning one thing only."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any, Final

from voice.errors import InputError

MAX_BYTES: Final = 128 << 10
MAX_DEPTH: Final = 64


def parse_object(data: bytes, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """Return the JSON object in `data`.

    Raises InputError: 413 over `max_bytes`; 400 for what is no JSON, is deeper than 64, repeats a
    key or holds a number without a value (NaN, Infinity, 1e999); 422 when it is not an object.
    """
    if len(data) > max_bytes:
        message = f"the JSON is larger than {max_bytes >> 10} KiB"
        raise InputError(message, code="too_large", http_status=413)
    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_number
        )
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:  # also bad UTF-8 and integers of thousands of digits
        raise _bad_json(f"the body is not JSON: {error}") from None
    _check_values(value)
    if not isinstance(value, dict):
        message = "the body must be a JSON object"
        raise InputError(message, code="invalid_body", http_status=422)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key is given twice")
    return fields


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _check_values(value: Any) -> None:
    """Refuse depth and infinities, without recursion of our own."""
    level, depth = [value], 0
    while containers := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        if depth > MAX_DEPTH:
            raise _too_deep()
        level = [item for one in containers for item in _items(one)]
        if any(isinstance(item, float) and not math.isfinite(item) for item in level):
            raise _bad_json("the body holds a number that is too large")


def _items(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def _too_deep() -> InputError:
    return _bad_json(f"the JSON is nested deeper than {MAX_DEPTH}")


def _bad_json(message: str) -> InputError:
    return InputError(message, code="bad_json")  # 400
