"""A chat client of the OpenAI kind: it keeps the messages and sends them all with every turn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from voice.errors import EngineError
from voice.platforms.openai.chat import MODEL
from voice.settings import Settings
from voice.simulate.posting import kept_secret, request
from voice.simulate.protocol import Heard


class OpenAICaller:
    """Hold one conversation at /v1/chat/completions."""

    def __init__(self, url: str, key: str | None = None) -> None:
        self._url = f"{url.rstrip('/')}/v1/chat/completions"
        self._headers = {"Content-Type": "application/json"}
        if key is not None:
            self._headers["Authorization"] = f"Bearer {key}"
        self._messages: list[dict[str, str]] = []

    def start(self) -> None:
        """Say nothing: chats have no greeting."""

    def say(self, text: str) -> Heard:
        """Send the conversation so far and the text."""
        messages = [*self._messages, {"role": "user", "content": text}]
        body = json.dumps({"model": MODEL, "messages": messages})
        received = request("POST", self._url, body.encode(), self._headers).text
        speech, ended = _read(received)
        self._messages = [*messages, {"role": "assistant", "content": speech}]
        return Heard(speech, ended, body, received)

    def close(self) -> None:
        """Leave; such clients tell nobody."""


def open_caller(url: str, settings: Settings) -> OpenAICaller:
    """Return a caller with the first of the server's keys, where it asks for one."""
    keys = settings.api_keys
    return OpenAICaller(url, keys[0].get_secret_value() if keys else None)


def trusting_settings(folder: Path) -> dict[str, object]:
    """Return settings with a key of its own: the server asks for one where others were made."""
    return {"api_keys": kept_secret(folder, "openai-key")}


def _read(received: str) -> tuple[str, bool]:
    """Return what a completion says, and whether the conversation is over.

    Raises EngineError for what OpenAI's own clients would not take.
    """
    try:
        completion: dict[str, Any] = json.loads(received)
        choice = completion["choices"][0]
        speech = choice["message"]["content"]
        right = {
            "object": completion["object"] == "chat.completion",
            "id": isinstance(completion["id"], str),
            "created": isinstance(completion["created"], int),
            "usage": isinstance(completion["usage"]["total_tokens"], int),
            "role": choice["message"]["role"] == "assistant",
            "content": isinstance(speech, str) and bool(speech),
            "finish_reason": choice["finish_reason"] == "stop",
        }
        ended = bool(completion.get("reply", {}).get("end_session"))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise EngineError(f"the answer is no completion: {error!r}") from error
    wrong = [name for name, is_right in right.items() if not is_right]
    if wrong:
        raise EngineError(f"the answer is no completion: its {', '.join(wrong)} is wrong")
    return speech, ended
