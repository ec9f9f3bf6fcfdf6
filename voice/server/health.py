"""GET /health/live and /health/ready: for whoever watches over the server."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import Response, jsonify

from voice.assistant import Assistant
from voice.server.errors import error_body, error_headers
from voice.settings import Settings
from voice.stt import hearing_advice


class Health:
    """Know whether the server can answer, and why not."""

    def __init__(self, settings: Settings, assistant: Assistant) -> None:
        self._settings = settings
        self._assistant = assistant
        self.draining = False

    def live(self) -> Response:
        """Return that the server runs."""
        return jsonify(status="live")

    def ready(self) -> Response:
        """Return whether questions are answered now; 503 with the reasons when not."""
        reasons = self.reasons()
        body: dict[str, Any] = {"status": "ready", "reasons": reasons, "warnings": self.warnings()}
        if not reasons:
            return jsonify(body)
        body |= {"status": "not_ready", **error_body("not_ready", "; ".join(reasons))}
        response = jsonify(body)
        response.status_code = 503
        response.headers.update(error_headers(503))
        return response

    def reasons(self) -> list[str]:
        """Return why no question is answered now; empty when one is."""
        if self.draining:
            return ["the server is stopping"]
        if not self._assistant.ready():
            return ["no question of the FAQ is answered"]
        recognizer = self._assistant.recognizer
        if recognizer is not None and not recognizer.ready():
            return ["nothing is heard: the recognizer hangs; if it stays so, restart the server"]
        return []

    def warnings(self) -> list[str]:
        """Return what works less well than it could, a line each."""
        assistant = self._assistant
        lines = list(assistant.problems)  # of what was wanted and does not work
        if self._settings.stt == "off":
            lines.append("questions are taken as text only: the recognizer is switched off")
        elif assistant.recognizer is not None:
            lines.append(self._advice or "")
        if self._settings.tts == "off":
            lines.append("answers are given as text only: the synthesizer is switched off")
        return [line for line in lines if line]

    @cached_property
    def _advice(self) -> str | None:
        """Return how to hear better; asked once, for it reads files and the engine stays."""
        return hearing_advice(self._settings, self._assistant.faq.locale)
