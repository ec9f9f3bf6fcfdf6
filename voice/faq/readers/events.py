"""From YAML events to plain values with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from ruamel.yaml import events as yaml

from voice.faq.faults import Fault, Place

MAX_DEPTH: Final = 12
MAX_VALUES: Final = 300_000  # what the most entries and variants come to
MAX_ALIASED: Final = 5_000_000  # characters that all aliases together may stand for
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TYPED: Final = ("version", "platforms")  # the only fields where 1 is a number
_TRUTHS: Final = {"true": True, "True": True, "false": False, "False": False}
_INT: Final = re.compile(r"[-+]?\d{1,18}")
_FLOAT: Final = re.compile(r"[-+]?(\d+\.\d*|\.\d+)")


class FormError(Exception):
    """The document cannot be read on from here."""

    def __init__(self, message: str, event: yaml.Event) -> None:
        super().__init__(message)
        self.fault = Fault(message, _line(event))


class Builder:
    """Builds one document. Text stays text, whatever YAML makes of 1984 or yes.

    A name without a value counts as not given. Only text may have an anchor, so that no alias
    can stand for more than it seems to.
    """

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.faults: list[Fault] = []
        self._texts: dict[str, Any] = {}  # by anchor
        self._values = 0
        self._aliased = 0

    def build(self, events: Iterator[yaml.Event]) -> Any:
        """Return the value of the only document, None if there is none; raises FormError."""
        data = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise FormError("a second document begins (---); only one is read", event)
                data = self._value(next(events), events, ())
        return data

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], place: Place) -> Any:
        self._values += 1
        if self._values > MAX_VALUES:
            raise FormError(f"more than {MAX_VALUES} values", event)
        if len(place) > MAX_DEPTH:
            raise FormError(f"nested more than {MAX_DEPTH} deep", event)
        self.lines.setdefault(place, _line(event))
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if getattr(event, "anchor", None) is not None:
            raise FormError("only text can have an anchor", event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, place)
        return self._mapping(events, place)

    def _list(self, events: Iterator[yaml.Event], place: Place) -> list[Any]:
        values: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            values.append(self._value(event, events, (*place, len(values))))
        return values

    def _mapping(self, events: Iterator[yaml.Event], place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        given: dict[str, int] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise FormError("the name of a field must be plain text", event)
            name, line = event.value, _line(event)
            self.lines.setdefault((*place, name), line)
            value = self._value(next(events), events, (*place, name))
            if name in given:
                message = f"given twice; the first is in line {given[name]}"
                self.faults.append(Fault(message, line, (*place, name)))
            elif value is not None:
                values[name] = value
            given.setdefault(name, line)
        return values

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> Any:
        value = event.value
        if event.implicit[0]:  # plain, neither quoted nor tagged
            if value in _NULL:
                value = None
            elif place[:1] and place[0] in _TYPED:
                value = _typed(value)
        if event.anchor is not None:
            self._texts[event.anchor] = value
        return value

    def _alias(self, event: yaml.AliasEvent) -> Any:
        if event.anchor not in self._texts:
            raise FormError(f"*{event.anchor} stands for no text above it", event)
        value = self._texts[event.anchor]
        self._aliased += len(str(value))
        if self._aliased > MAX_ALIASED:
            raise FormError("aliases stand for too much text", event)
        return value


def _typed(text: str) -> Any:
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return _TRUTHS.get(text, text)


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 1
