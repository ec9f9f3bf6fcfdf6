"""The routes under /v1/ for /openapi.json."""

from __future__ import annotations

from typing import Final

from voice.platforms.openai import chat
from voice.platforms.openai.speech import FORMATS, SpeechFields
from voice.platforms.openai.transcription import TranscriptionFields
from voice.server.formats import JSON
from voice.server.openapi_route import BINARY, INPUT_ERRORS, Route
from voice.server.schemas import Schema, array, record, text

_OBJECT: Final[Schema] = {"type": "object"}
_RECORDING: Final[Schema] = TranscriptionFields.model_json_schema()
_UPLOAD: Final[Schema] = {
    **_RECORDING,
    "properties": {"file": BINARY, **_RECORDING["properties"]},
    "required": ["file"],
}

_MESSAGE: Final[Schema] = record(
    {"role": text("Only the user's are read."), "content": text("Or parts of type text.")}
)
_CHAT: Final[Schema] = record(
    {"model": {"type": "string", "enum": [chat.MODEL]}, "messages": array(_MESSAGE)}
)

V1_ROUTES: Final = (
    Route(
        "POST",
        "/v1/chat/completions",
        "OpenAI's chat: the messages are the conversation, its last question is answered.",
        {JSON: _OBJECT, "text/event-stream": text("Chunks, where stream is true.")},
        {JSON: _CHAT},
        errors=(*INPUT_ERRORS, 404),
        is_keyed=True,
    ),
    Route(
        "POST",
        "/v1/audio/transcriptions",
        "OpenAI's transcription: up to 600 s of sound to text, with times.",
        {JSON: _OBJECT, "text/plain": text("For text, srt and vtt.")},
        {"multipart/form-data": _UPLOAD},
        errors=INPUT_ERRORS,
        is_keyed=True,
    ),
    Route(
        "POST",
        "/v1/audio/speech",
        "OpenAI's speech: a text to sound.",
        {mimetype: BINARY for _, mimetype in FORMATS.values()},
        {JSON: SpeechFields.model_json_schema()},
        errors=INPUT_ERRORS,
        is_keyed=True,
    ),
    Route("GET", "/v1/models", "The models there are.", {JSON: _OBJECT}, is_keyed=True),
    Route("GET", "/v1/models/{name}", "One model.", {JSON: _OBJECT}, errors=(404,), is_keyed=True),
)
