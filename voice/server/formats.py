"""Which form an answer is wanted in: JSON, or speech in one of four formats."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from flask import Request, Response, jsonify

from voice.assistant import Assistant
from voice.errors import SetupError
from voice.types import Reply, Speech

JSON: Final = "application/json"
# The first name of a format is the one that responses carry.
FORMATS: Final = {
    "wav": ("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"),
    "mp3": ("audio/mpeg", "audio/mp3"),
    "ogg": ("audio/ogg",),
    "flac": ("audio/flac", "audio/x-flac"),
}
_FORMAT_OF: Final = {name: format for format, names in FORMATS.items() for name in names}


def wanted_format(request: Request) -> str | None:
    """Return the audio format that the Accept header asks for, None when JSON is as good."""
    if "audio/" not in request.headers.get("Accept", ""):
        return None
    best = request.accept_mimetypes.best_match([JSON, *_FORMAT_OF], JSON)
    return _FORMAT_OF.get(best)


def reply_response(request: Request, assistant: Assistant, reply: Reply) -> Response:
    """Return a reply in the form that was asked for."""
    format = wanted_format(request)
    if format is None:
        return jsonify(reply.as_dict())
    response = speech_response(assistant, assistant.speak_reply(reply), format)
    response.headers["Voice-Status"] = reply.status
    response.headers["Voice-Conversation"] = reply.conversation
    if reply.answer is not None:  # an id may be in any script, a header may not
        response.headers["Voice-Entry"] = quote(reply.answer.entry_id)
    return response


def speech_response(assistant: Assistant, speech: Speech, format: str) -> Response:
    """Return speech in a format of FORMATS."""
    return Response(encoded(assistant, speech, format), mimetype=FORMATS[format][0])


def encoded(assistant: Assistant, speech: Speech, format: str) -> bytes:
    """Return speech in a format that the decoder writes; raises SetupError without a decoder."""
    if format == "wav":
        return speech.wav
    if assistant.decoder is None:
        raise SetupError("only wav can be made here; see `voice doctor`")
    return assistant.decoder.encode(speech.wav, format)
