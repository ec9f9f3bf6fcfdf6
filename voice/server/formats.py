"""Which form an answer is wanted in: JSON, its text alone, or speech in one of four formats."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from flask import Request, Response, jsonify

from voice.assistant import Assistant
from voice.errors import SetupError
from voice.types import Reply, Speech

JSON: Final = "application/json"
TEXT: Final = "text/plain"
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
    return _FORMAT_OF.get(_wanted_type(request))


def reply_response(request: Request, assistant: Assistant, reply: Reply) -> Response:
    """Return a reply in the form that was asked for."""
    wanted = _wanted_type(request)
    if wanted == JSON:
        return jsonify(reply.as_dict())
    if wanted == TEXT:
        response = Response(reply.speech, mimetype=TEXT)
    else:
        speech = assistant.speak_reply(reply)
        response = speech_response(assistant, speech, _FORMAT_OF[wanted])
    response.headers["Voice-Status"] = reply.status
    response.headers["Voice-Conversation"] = reply.conversation
    if reply.answer is not None:  # an id may be in any script, a header may not
        response.headers["Voice-Entry"] = quote(reply.answer.entry_id)
    return response


def _wanted_type(request: Request) -> str:
    """Return the media type that the Accept header prefers, JSON when that is as good."""
    accepted = request.headers.get("Accept", "")
    if "audio/" not in accepted and TEXT not in accepted:  # nearly always
        return JSON
    return request.accept_mimetypes.best_match([JSON, TEXT, *_FORMAT_OF], JSON)


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
