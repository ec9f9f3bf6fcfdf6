"""The routes under /v1/, for OpenAI-style clients."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, json, jsonify, request

from voice.assistant import Assistant
from voice.errors import DeadlineError, InputError
from voice.platforms.openai import chat, models, speech, transcription
from voice.platforms.openai.events import render_events
from voice.platforms.openai.fields import error_details
from voice.server import fields
from voice.server.errors import refusal, tell
from voice.server.formats import JSON, TEXT, encoded
from voice.server.routes_ask import log_question
from voice.server.routes_speech import uploaded_file
from voice.settings import Settings
from voice.types import Reply, Turn

SPEECH_MODEL: Final = "speech"
EVENTS: Final = "text/event-stream"
FORM: Final = "multipart/form-data"


def v1_blueprint(settings: Settings, assistant: Assistant) -> Blueprint:
    """Return the routes; their errors have OpenAI's form."""
    blueprint = Blueprint("v1", __name__, url_prefix="/v1")
    routes = V1Routes(settings, assistant)
    blueprint.post("/chat/completions")(routes.chat)
    blueprint.post("/audio/speech")(routes.speak)
    blueprint.post("/audio/transcriptions")(routes.transcribe)
    blueprint.get("/models")(routes.models)
    blueprint.get("/models/<name>")(routes.model)
    blueprint.register_error_handler(Exception, _tell)
    return blueprint


class V1Routes:
    """Answer, hear and speak for OpenAI-style clients."""

    def __init__(self, settings: Settings, assistant: Assistant) -> None:
        self._assistant = assistant
        self._log_questions = settings.log_questions
        self._rate = settings.rate
        hearing = transcription.MODELS if assistant.recognizer else ()
        speaking = (SPEECH_MODEL,) if assistant.synthesizer else ()
        self._models = tuple(dict.fromkeys((chat.MODEL, *hearing, *speaking)))

    def chat(self) -> Response:
        """Return the reply to the last of the user's messages."""
        _check_type(JSON)
        asked = chat.parse_chat(fields.json_fields(request))
        reply = self._replay(asked.questions)
        if not asked.stream:
            return jsonify(chat.render_chat(reply))
        return _events(render_events(chat.render_chunks(reply, asked.include_usage)))

    def speak(self) -> Response:
        """Return a text as speech."""
        _check_type(JSON)
        asked = speech.parse_speech(fields.json_fields(request))
        text, rate = fields.clean(asked.input), asked.rate(self._rate)
        try:
            said = self._assistant.speak(text, voice=asked.voice_name, rate=rate)
        except InputError:  # nobody here has that name: "alloy" is spoken by the usual voice
            said = self._assistant.speak(text, rate=rate)
        format, mimetype = asked.format
        return Response(encoded(self._assistant, said, format), mimetype=mimetype)

    def transcribe(self) -> Response:
        """Return what was said in a recording."""
        _check_type(FORM)
        asked = transcription.parse_transcription(fields.form_items(request))
        audio, content_type = uploaded_file(request)
        heard = self._assistant.transcribe_recording(
            audio, content_type, model=asked.model, max_seconds=transcription.MAX_SECONDS
        )
        if asked.stream:
            return _events(render_events(transcription.render_deltas(heard)))
        language = self._assistant.faq.locale.partition("-")[0]
        body = transcription.render_transcription(heard, asked, language)
        return Response(body, mimetype=TEXT) if isinstance(body, str) else jsonify(body)

    def models(self) -> Response:
        """Return the models there are."""
        return jsonify(models.render_models(self._models))

    def model(self, name: str) -> Response:
        """Return one model."""
        return jsonify(models.render_model(name, self._models))

    def _replay(self, questions: tuple[str, ...]) -> Reply:
        """Return the reply to the last question, after a conversation of those before."""
        conversation = None
        for question in questions:
            turn = Turn(fields.clean(question), conversation=conversation, channel=chat.CHANNEL)
            reply = self._assistant.answer(turn)
            conversation = reply.conversation
        if self._log_questions:
            log_question(turn.text, reply)
        return reply


def _check_type(wanted: str) -> None:
    if request.mimetype != wanted:
        raise refusal(415, "unsupported_media_type", f"send the request as {wanted}")


def _events(body: bytes) -> Response:
    return Response(body, mimetype=EVENTS, headers={"Cache-Control": "no-store"})


def _tell(error: Exception) -> Response:
    response = tell(error)
    body = json.loads(response.get_data())
    param = getattr(error, "param", None)
    body["error"].update(error_details(body["error"]["code"], response.status_code, param))
    response.set_data(json.dumps(body))
    if isinstance(error, DeadlineError):  # or they would ask for the same hard work twice more
        response.headers["X-Should-Retry"] = "false"
    return response
