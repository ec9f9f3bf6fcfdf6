"""What a reader hands on: plain values, and the line each of them stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voice.faq.faults import Fault, Place


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read, before anything is known about its fields."""

    data: Any  # dicts, lists and text
    lines: Mapping[Place, int] = field(default_factory=dict)  # from 1
    faults: tuple[Fault, ...] = ()

    def line(self, place: Place) -> int | None:
        """Return the line of a place, or of the nearest thing around it that has one."""
        for end in range(len(place), -1, -1):
            if place[:end] in self.lines:
                return self.lines[place[:end]]
        return None
