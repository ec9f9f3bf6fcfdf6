"""GET /openapi.json: the routes for machines, made from one table."""

from __future__ import annotations

from typing import Any, Final

from voice import __version__
from voice.server.formats import FORMATS, JSON, TEXT
from voice.server.openapi_route import BINARY, INPUT_ERRORS, Content, Route
from voice.server.openapi_v1 import V1_ROUTES
from voice.server.routes_ask import READERS
from voice.server.routes_speech import MAX_SPEAK_CHARS
from voice.server.schemas import ERROR, HEALTH, REPLY, Schema, integer, text
from voice.tts.protocol import RATES
from voice.types import MAX_QUESTION_CHARS

SPEECH: Final[Content] = {names[0]: BINARY for names in FORMATS.values()}
SPOKEN_REPLY: Final[Content] = {
    JSON: {"$ref": "#/components/schemas/Reply"},
    TEXT: text("What is said, alone."),
    **SPEECH,
}

_QUESTION: Final[Schema] = {
    "type": "object",
    "required": ["question"],
    "properties": {
        "question": text("What is asked.", max_chars=MAX_QUESTION_CHARS),
        "locale": text("Language tag, as en-US."),
        "conversation": text("The token of the last reply."),
    },
}
_UPLOAD: Final[Schema] = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": BINARY,
        "locale": text("Language tag, as en-US."),
        "conversation": text("The token of the last reply."),
    },
}
_SAY: Final[Schema] = {
    "type": "object",
    "required": ["text"],
    "properties": {
        "text": text("What is to be said.", max_chars=MAX_SPEAK_CHARS),
        "voice": text("A voice by name, as `voice voices` lists it."),
        "rate": integer("Words a minute.", *RATES),
        "format": {"type": "string", "enum": list(FORMATS)},
    },
}


ROUTES: Final = (
    Route(
        "POST",
        "/ask",
        "Ask a question in text; by the Accept header, the reply is JSON, text or speech.",
        SPOKEN_REPLY,
        {name: text("What is asked.") if name == "text/plain" else _QUESTION for name in READERS},
        ("explain",),
        INPUT_ERRORS,
        is_keyed=True,
    ),
    Route(
        "POST",
        "/listen",
        "Ask a question in sound, in any container, or as audio/L16;rate=N.",
        SPOKEN_REPLY,
        {"audio/*": BINARY, "multipart/form-data": _UPLOAD},
        ("explain", "locale", "conversation"),
        INPUT_ERRORS,
        is_keyed=True,
    ),
    Route(
        "POST",
        "/speak",
        "Turn a text to speech.",
        SPEECH,
        {JSON: _SAY},
        errors=INPUT_ERRORS,
        is_keyed=True,
    ),
    Route(
        "POST",
        "/hook/{name}",
        "A voice platform's webhook, in the platform's own form.",
        {JSON: {"type": "object"}, "text/xml": text("")},
        {JSON: {"type": "object"}, "application/x-www-form-urlencoded": {"type": "object"}},
        errors=INPUT_ERRORS,
    ),
    Route(
        "GET",
        "/hook/twilio/speech/{token}",
        "What callers on the telephone hear, for the minutes that its address is valid.",
        {"audio/wav": BINARY},
        errors=(404, 503),
    ),
    *V1_ROUTES,
    Route("GET", "/", "The page: talk or type, hear the answer.", {"text/html": text("")}),
    Route("GET", "/page/{name}", "A file of the page.", {"*/*": BINARY}, errors=(404,)),
    Route(
        "POST",
        "/page/key",
        "Give a browser a cookie for a key.",
        {JSON: {"type": "object"}},
        {JSON: {"type": "object", "required": ["key"], "properties": {"key": text("A key.")}}},
        errors=(400, 401, 422),
    ),
    Route(
        "GET",
        "/pair/{code}",
        "The pairing link of `voice serve --lan`.",
        {"text/html": text("")},
        errors=(404,),
    ),
    Route("GET", "/health/live", "The server runs.", {JSON: HEALTH}),
    Route(
        "GET",
        "/health/ready",
        "Models are loaded and a question is answered.",
        {JSON: HEALTH},
        errors=(503,),
    ),
    Route("GET", "/openapi.json", "This document.", {JSON: {"type": "object"}}),
)


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the server."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Voice FAQ server", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": {"Reply": REPLY, "Error": ERROR},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    error = {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}}
    operation: dict[str, Any] = {
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": {
            "200": {"description": "done", "content": _content(route.gives)},
            **{str(code): {"description": "refused", "content": error} for code in route.errors},
        },
    }
    if route.takes is not None:
        operation["requestBody"] = {"required": True, "content": _content(route.takes)}
    if route.is_keyed:  # only where keys are set: hence the empty alternative
        operation["security"] = [{"key": []}, {}]
    return operation


def _parameters(route: Route) -> list[Schema]:
    named = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    places = [("path", name) for name in named] + [("query", name) for name in route.query]
    return [
        {"name": name, "in": place, "required": place == "path", "schema": {"type": "string"}}
        for place, name in places
    ]


def _content(content: Content) -> dict[str, Any]:
    return {name: {"schema": schema} for name, schema in content.items()}
