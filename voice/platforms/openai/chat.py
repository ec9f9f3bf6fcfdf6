"""POST /v1/chat/completions: the messages are the conversation, replayed with every turn."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import Field

from voice.platforms.openai.fields import FieldError, Fields, Name, check, unknown_model
from voice.types import MAX_QUESTION_CHARS, Channel, Reply

MODEL: Final = "faq"
MAX_TURNS: Final = 20  # of a conversation are replayed, the last ones
CHANNEL: Final = Channel("openai")

# No language model runs here, so no tokens are used.
_USAGE: Final = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


class _Message(Fields):
    role: Literal["user", "assistant", "system", "developer", "tool", "function"]
    content: Any = None


class _StreamOptions(Fields):
    include_usage: bool | None = None


class _ChatFields(Fields):
    model: Name
    messages: list[_Message] = Field(min_length=1)
    n: int | None = None
    stream: bool | None = None
    stream_options: _StreamOptions | None = None


@dataclass(frozen=True, slots=True)
class Chat:
    """What a request asks: the user's turns, of which the last one is to be answered."""

    questions: tuple[str, ...]
    stream: bool = False
    include_usage: bool = False  # a streamed answer ends with its usage


def parse_chat(given: Mapping[str, Any]) -> Chat:
    """Return what is asked; raises FieldError (400, 404, 413)."""
    fields = check(_ChatFields, given)
    if fields.model != MODEL:
        raise unknown_model(fields.model, MODEL)
    if fields.n not in (None, 1):
        raise FieldError("n", "a question has one answer; leave it out")
    questions = [
        _text(f"messages.{place}.content", message.content)
        for place, message in enumerate(fields.messages)
        if message.role == "user"
    ]
    if not questions:
        raise FieldError("messages", "none of them is of the user; nothing is asked")
    options = fields.stream_options or _StreamOptions()
    return Chat(tuple(questions[-MAX_TURNS:]), bool(fields.stream), bool(options.include_usage))


def render_chat(reply: Reply) -> dict[str, Any]:
    """Return a reply as a whole completion; our own reply is in it as `reply`."""
    message = {"role": "assistant", "content": reply.speech, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {
        **_head("chat.completion"),
        "choices": [choice],
        "usage": _USAGE,
        "reply": reply.as_dict(),
    }


def render_chunks(reply: Reply, include_usage: bool) -> Iterator[dict[str, Any]]:
    """Yield a reply as the chunks of a streamed completion; the last choice carries `reply`."""
    head = _head("chat.completion.chunk")
    delta = {"role": "assistant", "content": reply.speech}
    yield {**head, "choices": [_choice(delta, None)]}
    yield {**head, "choices": [_choice({}, "stop")], "reply": reply.as_dict()}
    if include_usage:
        yield {**head, "choices": [], "usage": _USAGE}


def _text(param: str, content: Any) -> str:
    """Return the text of a message: it is one, or parts of type text."""
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
    if not isinstance(parts, list):
        raise FieldError(param, "must be text, or a list of parts of type text")
    texts = [_part_text(param, part) for part in parts]
    text = "\n".join(texts)
    if len(text) > MAX_QUESTION_CHARS:
        fault = f"is longer than {MAX_QUESTION_CHARS:,} characters"
        raise FieldError(param, fault, code="too_large", http_status=413)
    return text


def _part_text(param: str, part: Any) -> str:
    kind = part.get("type") if isinstance(part, dict) else None
    text = part.get("text") if kind == "text" else None
    if kind != "text":
        raise FieldError(param, "only parts of type text are read here, no images, audio or files")
    if not isinstance(text, str):
        raise FieldError(param, "a part of type text must have a text")
    return text


def _head(kind: str) -> dict[str, Any]:
    id = f"chatcmpl-{secrets.token_hex(12)}"
    return {"id": id, "object": kind, "created": int(time.time()), "model": MODEL}


def _choice(delta: Mapping[str, Any], finish_reason: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
