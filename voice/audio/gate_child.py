"""The child that tells speech from noise with Silero, which holds the interpreter lock."""

from __future__ import annotations

from typing import Any

from voice.audio.gate import SpeechGate
from voice.types import AudioChunk
from voice.worker.child import Service
from voice.worker.frames import Frame


def open_gate() -> Service:
    """Load Silero and return the service; raises SetupError when it does not work here."""
    gate = SpeechGate()

    def spans(method: str, arguments: dict[str, Any], payload: bytes) -> Frame:
        found = gate.spans(AudioChunk(payload))
        return {"spans": [(span.start_seconds, span.end_seconds) for span in found]}, b""

    return spans
