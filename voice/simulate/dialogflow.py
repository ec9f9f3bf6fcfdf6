"""What the simulated editions of Dialogflow share: how they call, and how strictly they read."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from voice.errors import EngineError, InputError
from voice.settings import Settings
from voice.simulate.posting import kept_secret, request
from voice.strict_json import parse_object

MAX_RESPONSE_BYTES: Final = 64 << 10


def trusting_settings(folder: Path) -> dict[str, object]:
    """Return settings that make a server trust this caller; its token is kept in the folder."""
    return {"dialogflow_token": kept_secret(folder, "dialogflow-token")}


class Webhook:
    """Call the webhook of one server, with whichever secret its settings have."""

    def __init__(self, url: str, settings: Settings) -> None:
        self._url = f"{url}/hook/dialogflow"
        token, basic = settings.dialogflow_token, settings.dialogflow_basic
        if token is None and basic is None:
            raise InputError("set VOICE_DIALOGFLOW_TOKEN, which the server knows Dialogflow by")
        self._token = token.get_secret_value() if token else None
        self._basic = basic.get_secret_value() if basic else ""

    def call(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the JSON object that comes back; raises EngineError and SetupError."""
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        else:
            headers["Authorization"] = f"Basic {base64.b64encode(self._basic.encode()).decode()}"
        answer = request("POST", self._url, json.dumps(body).encode(), headers)
        expect(answer.headers.get("Content-Type") == "application/json", "it is not JSON")
        expect(len(answer.content) <= MAX_RESPONSE_BYTES, "it is larger than 64 KiB")
        try:
            return parse_object(answer.content)
        except InputError as error:
            raise EngineError(f"Dialogflow would not take this answer: {error}") from None


def expect(is_right: bool, fault: str) -> None:
    """Raise EngineError with the fault unless all is right."""
    if not is_right:
        raise EngineError(f"Dialogflow would not take this answer: {fault}")


def check_fields(value: Any, types: Mapping[str, type], name: str) -> dict[str, Any]:
    """Return an object that has fields of these types only; raises EngineError.

    As strict as the JSON reader of protocol buffers: no unknown name, no wrong or empty type.
    """
    expect(isinstance(value, dict), f"{name} is no object")
    for field, content in value.items():
        expect(field in types, f"{name} has no field {field}")
        expect(isinstance(content, types[field]), f"{name}.{field} is no {types[field].__name__}")
    return dict(value)
