"""What /openapi.json tells of one route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from voice.server.schemas import Schema

Content = Mapping[str, Schema]

BINARY: Final[Schema] = {"type": "string", "format": "binary"}
INPUT_ERRORS: Final = (400, 401, 403, 408, 413, 415, 422, 503)


@dataclass(frozen=True, slots=True)
class Route:
    """What one route takes and gives."""

    method: str
    path: str
    summary: str
    gives: Content
    takes: Content | None = None
    query: tuple[str, ...] = ()
    errors: tuple[int, ...] = ()
    is_keyed: bool = False
