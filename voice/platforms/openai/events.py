"""Server-sent events, as OpenAI's clients read them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

END: Final = "[DONE]"


def render_events(events: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the events of a whole stream, one JSON object each, and the mark that ends them."""
    texts = (json.dumps(event, ensure_ascii=False) for event in events)
    return "".join(f"data: {text}\n\n" for text in (*texts, END)).encode()
