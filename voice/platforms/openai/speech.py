"""POST /v1/audio/speech: text to sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from voice.platforms.openai.fields import MAX_NAME_CHARS, FieldError, Fields, Name, check
from voice.tts.protocol import RATES

MAX_INPUT_CHARS: Final = 4096
DEFAULT_FORMAT: Final = "mp3"
# The decoder's name of each format, and what it is sent as.
FORMATS: Final = {
    "mp3": ("mp3", "audio/mpeg"),
    "opus": ("ogg", "audio/ogg"),
    "aac": ("aac", "audio/aac"),
    "flac": ("flac", "audio/flac"),
    "wav": ("wav", "audio/wav"),
    "pcm": ("pcm", "audio/pcm"),  # 24 kHz, 16-bit little endian, mono
}

_Speed = Annotated[float, Field(ge=0.25, le=4.0)]


class SpeechFields(Fields):
    """What is to be said, and how."""

    model: Name
    input: str = Field(min_length=1, max_length=MAX_INPUT_CHARS)
    voice: Any = None
    response_format: Literal["mp3", "opus", "aac", "flac", "wav", "pcm"] | None = None
    speed: _Speed | None = None
    stream_format: Literal["audio", "sse"] | None = None

    @property
    def format(self) -> tuple[str, str]:
        """Return the decoder's name of the format, and what it is sent as."""
        return FORMATS[self.response_format or DEFAULT_FORMAT]

    @property
    def voice_name(self) -> str | None:
        """Return the name of the voice, which may be nobody's here."""
        name = self.voice.get("id") if isinstance(self.voice, dict) else self.voice
        return name or None

    def rate(self, usual: int) -> int | None:
        """Return the words a minute, None for the usual ones; as near as an engine gets."""
        if self.speed is None:
            return None
        return min(max(round(usual * self.speed), RATES[0]), RATES[1])


def parse_speech(given: Mapping[str, Any]) -> SpeechFields:
    """Return what is to be said; raises FieldError (400, 413)."""
    fields = check(SpeechFields, given)
    if fields.stream_format == "sse":
        raise FieldError("stream_format", "speech comes as audio here, not as events; use audio")
    name = fields.voice_name
    if name is not None and not (isinstance(name, str) and len(name) <= MAX_NAME_CHARS):
        raise FieldError("voice", 'must be a name or {"id": name}')
    return fields
