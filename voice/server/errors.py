"""Every refusal of the server in one form: JSON with a code and a message."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from voice.errors import InputError, VoiceError

RETRY_AFTER_SECONDS: Final = 2
REALM: Final = 'Bearer realm="voice"'

# Clearer than the names that HTTP gives them.
_CODES: Final = {413: "too_large", 415: "unsupported_media_type"}
_MESSAGES: Final = {404: "there is nothing at this address; /openapi.json lists what there is"}
_LOG = logging.getLogger(__name__)


def refusal(status: int, code: str, message: str) -> InputError:
    """Return the error that refuses a request with that status."""
    return InputError(message, code=code, http_status=status)


def error_body(code: str, message: str) -> dict[str, Any]:
    """Return the JSON object that every error is told with."""
    return {"error": {"code": code, "message": message}}


def error_headers(status: int) -> dict[str, str]:
    """Return the headers that belong to an error of that status."""
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": REALM}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        return {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return {}


def add_error_handlers(app: Flask) -> None:
    """Make the app tell every error as JSON."""
    app.register_error_handler(Exception, tell)


def tell(error: Exception) -> Response:
    """Return the response that tells any error."""
    if isinstance(error, VoiceError):
        return _tell_voice_error(error)
    return _tell_http_error(error) if isinstance(error, HTTPException) else _tell_surprise(error)


def new_request_id() -> str:
    """Return an id by which callers and the log speak of the same request."""
    return secrets.token_hex(8)


def internal_message(request_id: str) -> str:
    """Return what a caller is told of an unexpected error."""
    return f"something went wrong here; the log tells it under {request_id}"


def _respond(status: int, code: str, message: str) -> Response:
    response = jsonify(error_body(code, message))
    response.status_code = status
    response.headers.update(error_headers(status))
    return response


def _tell_voice_error(error: VoiceError) -> Response:
    return _respond(error.http_status, error.code, error.message)


def _tell_http_error(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    code = _CODES.get(status, error.name.lower().replace(" ", "_"))
    message = _MESSAGES.get(status) or error.description or error.name
    response = _respond(status, code, message)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _tell_surprise(error: Exception) -> Response:
    request_id = request.environ.get("voice.request_id", "-")
    _LOG.error("request %s failed", request_id, exc_info=error)
    return _respond(500, "internal", internal_message(request_id))
