"""GET /v1/models: what there is to choose from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voice.platforms.openai.fields import unknown_model


def render_model(name: str, known: Sequence[str]) -> dict[str, Any]:
    """Return one model; raises FieldError (404) for one that is not among the known."""
    if name not in known:
        raise unknown_model(name, ", ".join(known))
    return {"id": name, "object": "model", "created": 0, "owned_by": "voice"}


def render_models(known: Sequence[str]) -> dict[str, Any]:
    """Return the list of models."""
    return {"object": "list", "data": [render_model(name, known) for name in known]}
