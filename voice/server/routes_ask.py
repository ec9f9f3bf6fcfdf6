"""POST /ask: a question in text."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from flask import Request, Response, request

from voice.assistant import Assistant
from voice.server import fields
from voice.server.errors import refusal
from voice.server.formats import reply_response
from voice.settings import Settings
from voice.types import MAX_QUESTION_CHARS, Reply, Turn

MAX_TOKEN_CHARS: Final = 8192  # well over any token that we give out

READERS: Final[dict[str, Callable[[Request], fields.Fields]]] = {
    "application/json": fields.json_fields,
    **dict.fromkeys(fields.FORM_TYPES, fields.form_fields),
    "text/plain": fields.text_fields,
}
_LOG = logging.getLogger(__name__)


class AskRoute:
    """Answer typed questions."""

    def __init__(self, settings: Settings, assistant: Assistant) -> None:
        self._assistant = assistant
        self._log_questions = settings.log_questions

    def ask(self) -> Response:
        """Return the reply to a question, as JSON or spoken."""
        turn = _read_turn(request)
        reply = self._assistant.answer(turn, explain=wants_explanation(request))
        if self._log_questions:
            log_question(turn.text, reply)
        return reply_response(request, self._assistant, reply)


def wants_explanation(request: Request) -> bool:
    """Return whether `?explain=1` was asked for."""
    if not request.query_string:  # nearly always
        return False
    return request.args.get("explain", "").lower() in ("1", "true", "yes")


def log_question(text: str, reply: Reply) -> None:
    """Log what was asked and how it ended; only where the owner said so."""
    _LOG.info("asked %r: %s %s", text, reply.status, reply.answer and reply.answer.entry_id)


def _read_turn(request: Request) -> Turn:
    reader = READERS.get(request.mimetype)
    if reader is None:
        raise refusal(
            415, "unsupported_media_type", f"send the question as one of {', '.join(READERS)}"
        )
    given = reader(request)
    return Turn(
        fields.required_text(given, "question", MAX_QUESTION_CHARS),
        conversation=fields.text_field(given, "conversation", MAX_TOKEN_CHARS),
        locale=fields.locale_field(given),
    )
