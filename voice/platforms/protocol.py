"""What every voice platform's adapter does: verify who calls, parse, render."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import parse_qsl

from voice.assistant import Assistant
from voice.errors import InputError
from voice.faq import Faq
from voice.phrases import Phrases
from voice.settings import Settings
from voice.strict_json import parse_object
from voice.types import Reply, Turn


@dataclass(frozen=True)
class HookRequest:
    """A platform's call as it came; nothing of it is trusted yet."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)  # by lower-case name
    target: str = "/"  # path and query as they were sent, still percent-encoded

    @cached_property
    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object, read once; raises InputError."""
        return parse_object(self.body)

    @cached_property
    def form(self) -> list[tuple[str, str]]:
        """Return the body as a form's fields in order, read once; raises InputError."""
        return form_pairs(self.body.decode("latin-1"))


@dataclass(frozen=True, slots=True)
class HookResponse:
    """What a platform gets back."""

    body: bytes
    content_type: str = "application/json"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Call:
    """A verified call: the turn in it, None where nothing is asked (a session's end)."""

    turn: Turn | None


@dataclass(frozen=True, slots=True)
class PlatformContext:
    """What adapters are made from."""

    settings: Settings
    faq: Faq
    phrases: Phrases
    speaks: bool = False  # whether a synthesizer works here


MAX_FIELDS: Final = 500  # of a form
CallT = TypeVar("CallT", bound=Call)


class Platform(Protocol[CallT]):
    """One voice platform; safe to share between threads."""

    def verify(self, request: HookRequest) -> None:
        """Raise InputError, with the status that the platform expects, for who is not it."""

    def parse(self, request: HookRequest) -> CallT:
        """Return the call in a verified request; raises InputError for what is none."""

    def render(self, call: CallT, reply: Reply | None) -> HookResponse:
        """Return a reply in the platform's form; None where the call had no turn."""

    def sorry(self, call: CallT | None, phrase: str) -> HookResponse:
        """Return a valid answer that says the phrase `phrase` of `phrases.SAY` and stays open.

        For what went wrong here or took too long; with the call, its conversation goes on.
        """


class PlatformListener(Protocol):
    """A platform that connects to an address of its own; it lives in the server's event loop."""

    async def start(self, assistant: Assistant) -> str:
        """Begin to answer; return the line that tells the owner where."""

    async def stop(self) -> None:
        """Let running turns end, and close every connection and the address."""


def form_pairs(encoded: str) -> list[tuple[str, str]]:
    """Return encoded fields as they came, blank ones and repeated ones included."""
    try:
        return parse_qsl(encoded, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise InputError(f"more than {MAX_FIELDS} fields") from None


def json_response(value: Mapping[str, Any]) -> HookResponse:
    """Return a JSON object as a response, in UTF-8."""
    return HookResponse(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
