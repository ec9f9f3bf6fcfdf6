"""POST /listen: a question in sound. POST /speak: text to sound."""

from __future__ import annotations

from typing import Final

from flask import Request, Response, request

from voice.assistant import Assistant
from voice.errors import InputError
from voice.server import fields
from voice.server.errors import refusal
from voice.server.formats import FORMATS, reply_response, speech_response, wanted_format
from voice.server.routes_ask import MAX_TOKEN_CHARS, log_question, wants_explanation
from voice.settings import Settings
from voice.tts.protocol import RATES

MAX_SPEAK_CHARS: Final = 4096  # about five minutes; what OpenAI's speech route takes, too


class SpeechRoutes:
    """Hear questions and speak texts."""

    def __init__(self, settings: Settings, assistant: Assistant) -> None:
        self._assistant = assistant
        self._log_questions = settings.log_questions

    def listen(self) -> Response:
        """Return the reply to a spoken question, with its transcript."""
        if request.mimetype == "multipart/form-data":
            audio, content_type = uploaded_file(request)
            given = fields.form_fields(request)
        else:
            audio, content_type = request.get_data(cache=False), request.content_type
            given = request.args.to_dict()
        reply = self._assistant.listen(
            audio,
            content_type,
            conversation=fields.text_field(given, "conversation", MAX_TOKEN_CHARS),
            locale=fields.locale_field(given),
            explain=wants_explanation(request),
        )
        if self._log_questions:
            log_question(reply.transcript.text if reply.transcript else "", reply)
        return reply_response(request, self._assistant, reply)

    def speak(self) -> Response:
        """Return a text as speech."""
        if request.mimetype != "application/json":
            raise refusal(415, "unsupported_media_type", "send the text as application/json")
        given = fields.json_fields(request)
        text = fields.required_text(given, "text", MAX_SPEAK_CHARS)
        if not text.strip():
            raise fields.invalid_field("text", "is empty")
        format = _format_field(given) or wanted_format(request) or "wav"
        speech = self._assistant.speak(
            text,
            voice=fields.text_field(given, "voice", fields.MAX_NAME_CHARS),
            rate=fields.whole_number(given, "rate", *RATES),
        )
        return speech_response(self._assistant, speech, format)


def uploaded_file(request: Request) -> tuple[bytes, str | None]:
    """Return the one file of a form and its type; raises InputError without or with more."""
    uploads = list(request.files.items(multi=True))
    if len(uploads) > 1:
        raise InputError("send one file at a time", code="two_files")
    if not uploads or uploads[0][0] != "file":
        raise InputError("the audio must be a file in the field `file`", code="no_file")
    upload = uploads[0][1]
    return upload.read(), upload.content_type


def _format_field(given: fields.Fields) -> str | None:
    format = fields.text_field(given, "format", fields.MAX_NAME_CHARS)
    if format is not None and format not in FORMATS:
        raise fields.invalid_field("format", f"must be one of {', '.join(FORMATS)}")
    return format
