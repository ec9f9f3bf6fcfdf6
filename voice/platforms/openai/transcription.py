"""POST /v1/audio/transcriptions: sound to text."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from voice.platforms.openai.fields import MAX_NAME_CHARS, FieldError, Fields, Name, check
from voice.types import HearingModel, Segment, Transcription

MAX_SECONDS: Final = 600.0
MODELS: Final[tuple[HearingModel, ...]] = ("open", "faq")
MAX_PROMPT_CHARS: Final = 20_000

_MOST_VALUES: Final = 10  # of a field that may be given more than once
_LISTS: Final = ("timestamp_granularities", "include")


def _number(value: Any) -> Any:
    """Turn a form's text into a number, where it is one."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _truth(value: Any) -> Any:
    """Turn a form's text into true or false, where it is one."""
    return {"true": True, "1": True, "false": False, "0": False}.get(str(value).lower(), value)


class TranscriptionFields(Fields):
    """What is wanted of the audio; language, prompt and temperature change nothing here."""

    name: Name = Field("open", alias="model")
    language: str | None = Field(None, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")
    prompt: str | None = Field(None, max_length=MAX_PROMPT_CHARS)
    temperature: Annotated[float | None, BeforeValidator(_number), Field(ge=0, le=1)] = None
    response_format: Literal["json", "text", "srt", "verbose_json", "vtt"] = "json"
    timestamp_granularities: tuple[Literal["word", "segment"], ...] = Field(
        (), max_length=_MOST_VALUES
    )
    stream: Annotated[bool | None, BeforeValidator(_truth)] = None

    @property
    def model(self) -> HearingModel:
        """Return the model that hears: any other name, as whisper-1, is `open`."""
        return "faq" if self.name == "faq" else "open"


def parse_transcription(given: Sequence[tuple[str, str]]) -> TranscriptionFields:
    """Return what is wanted, from a form's fields in order; raises FieldError (400, 413)."""
    values: dict[str, Any] = {}
    for key, value in given:
        name = key.removesuffix("[]")
        if name in _LISTS:
            values[name] = (*values.get(name, ()), value)
        elif name in values:
            raise FieldError(name[:MAX_NAME_CHARS], "is given twice")
        elif value:  # forms send fields that were left empty
            values[name] = value
    fields = check(TranscriptionFields, values)
    if fields.timestamp_granularities and fields.response_format != "verbose_json":
        raise FieldError("timestamp_granularities", "needs response_format verbose_json")
    if fields.stream and fields.response_format not in ("json", "text"):
        raise FieldError("stream", "needs response_format json or text")
    return fields


def render_transcription(
    heard: Transcription, fields: TranscriptionFields, language: str
) -> Mapping[str, Any] | str:
    """Return what was heard: a JSON object, or a text for text, srt and vtt."""
    if fields.response_format == "verbose_json":
        return _verbose(heard, fields, language)
    renderer = _TEXTS.get(fields.response_format)
    return {"text": heard.text, "usage": _usage(heard)} if renderer is None else renderer(heard)


def render_deltas(heard: Transcription) -> Iterator[dict[str, Any]]:
    """Yield what was heard as the events of a stream, one for each segment."""
    for place, segment in enumerate(heard.segments):
        delta = segment.text if place == 0 else f" {segment.text}"
        yield {"type": "transcript.text.delta", "delta": delta}
    yield {"type": "transcript.text.done", "text": heard.text}


def _verbose(heard: Transcription, fields: TranscriptionFields, language: str) -> dict[str, Any]:
    body = {
        "task": "transcribe",
        "language": language,
        "duration": round(heard.audio_seconds, 3),
        "text": heard.text,
        "usage": _usage(heard),
    }
    wanted = fields.timestamp_granularities or ("segment",)
    if "segment" in wanted:
        body["segments"] = [_segment(place, each) for place, each in enumerate(heard.segments)]
    if "word" in wanted:
        body["words"] = [
            {
                "word": word.text,
                "start": round(word.start_seconds, 3),
                "end": round(word.end_seconds, 3),
            }
            for segment in heard.segments
            for word in segment.words
        ]
    return body


def _segment(place: int, segment: Segment) -> dict[str, Any]:
    """Return a segment with all that Whisper's have; what only Whisper knows is neutral."""
    return {
        "id": place,
        "seek": 0,
        "start": round(segment.start_seconds, 3),
        "end": round(segment.end_seconds, 3),
        "text": segment.text,
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": round(math.log(segment.confidence), 4) if segment.confidence else 0.0,
        "compression_ratio": 1.0,
        "no_speech_prob": 0.0,
    }


def _usage(heard: Transcription) -> dict[str, Any]:
    return {"type": "duration", "seconds": math.ceil(heard.audio_seconds)}


def _plain(heard: Transcription) -> str:
    return f"{heard.text}\n"


def _srt(heard: Transcription) -> str:
    cues = (
        f"{place}\n{_span(segment, ',')}\n{segment.text}\n\n"
        for place, segment in enumerate(heard.segments, 1)
    )
    return "".join(cues)


def _vtt(heard: Transcription) -> str:
    cues = (
        f"{_span(segment, '.')}\n{html.escape(segment.text, quote=False)}\n\n"
        for segment in heard.segments
    )
    return "WEBVTT\n\n" + "".join(cues)


def _span(segment: Segment, point: str) -> str:
    start, end = (_clock(s, point) for s in (segment.start_seconds, segment.end_seconds))
    return f"{start} --> {end}"


def _clock(seconds: float, point: str) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{point}{milliseconds:03}"


_TEXTS: Final[Mapping[str, Callable[[Transcription], str]]] = {
    "text": _plain,
    "srt": _srt,
    "vtt": _vtt,
}
