"""JSON schemas of what the server gives, for /openapi.json."""

from __future__ import annotations

from typing import Any, Final

Schema = dict[str, Any]


def text(description: str, max_chars: int | None = None) -> Schema:
    """Return the schema of a text."""
    schema: Schema = {"type": "string", "description": description}
    return schema if max_chars is None else {**schema, "maxLength": max_chars}


def integer(description: str, least: int, most: int) -> Schema:
    """Return the schema of a whole number in that range."""
    return {"type": "integer", "description": description, "minimum": least, "maximum": most}


def array(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def record(properties: dict[str, Schema]) -> Schema:
    """Return the schema of an object that has all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def optional(schema: Schema) -> Schema:
    """Return the schema of a value that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


_SCORE: Final = {"type": "number", "minimum": 0, "maximum": 1}
_ENTRY: Final = {
    "entry_id": text("The entry of the FAQ."),
    "question": text("Its question."),
}

REPLY: Final = record(
    {
        "status": {
            "type": "string",
            "enum": ["answer", "clarify", "unknown", "no_input", "command"],
        },
        "question": text("The question that was matched."),
        "speech": text("What is said."),
        "answer": optional(record({**_ENTRY, "text": text("The stored answer.")})),
        "score": _SCORE,
        "candidates": array(record({**_ENTRY, "score": _SCORE})),
        "transcript": optional(
            record(
                {
                    "text": text("What the recognizer heard."),
                    "hypotheses": array(text("As matched, best first.")),
                    "engine": text("The recognizer."),
                    "audio_seconds": {"type": "number"},
                }
            )
        ),
        "conversation": text("Hand it back with the next turn."),
        "end_session": {"type": "boolean"},
        "elapsed_ms": {"type": "object", "additionalProperties": {"type": "number"}},
    }
)
ERROR: Final = record(
    {"error": record({"code": text("For machines."), "message": text("For people.")})}
)
HEALTH: Final = {"type": "object", "properties": {"status": {"type": "string"}}}
