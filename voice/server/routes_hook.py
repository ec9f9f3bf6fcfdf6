"""POST /hook/<platform>: a voice platform's webhook."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextvars import copy_context
from typing import Any, Final

from flask import Response, request

from voice.assistant import Assistant
from voice.caller import current
from voice.errors import BusyError, InputError, VoiceError
from voice.platforms import HOOKS
from voice.platforms.protocol import HookRequest, HookResponse, Platform, PlatformContext
from voice.server.errors import refusal
from voice.server.guard import HOOK_PATH
from voice.server.routes_ask import log_question
from voice.settings import Settings
from voice.types import Reply, Turn

ANSWER_SECONDS: Final = 2.5  # of the 3 s that a webhook has, from when its call has come whole
THREADS: Final = 8
_LOG = logging.getLogger(__name__)


class HookRoute:
    """Answer for every platform that the owner has set up."""

    def __init__(self, settings: Settings, assistant: Assistant) -> None:
        self._assistant = assistant
        self._settings = settings
        speaks = assistant.synthesizer is not None
        context = PlatformContext(settings, assistant.faq, assistant.phrases, speaks)
        self._platforms = {
            name: hook.create(context) for name, hook in HOOKS.items() if hook.is_set(settings)
        }
        self._told: set[str] = set()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="hook")

    def hook(self, name: str) -> Response:
        """Return a platform's response; refusals are JSON as everywhere."""
        platform = self._platform(name)
        incoming = _incoming()
        platform.verify(incoming)
        return _outgoing(self._respond(platform, incoming))

    def apology(self, path: str) -> HookResponse | None:
        """Return what the platform at an address is told when no thread could answer it."""
        platform = self._platforms.get(path.removeprefix(HOOK_PATH))
        return platform.sorry(None, "try_again") if platform else None

    def _platform(self, name: str) -> Platform[Any]:
        if name in self._platforms:
            return self._platforms[name]
        if name not in HOOKS:
            raise refusal(404, "not_found", "no such platform; /openapi.json lists what there is")
        if name not in self._told:  # once: strangers may call as often as they like
            self._told.add(name)
            missing = HOOKS[name].missing(self._settings)
            _LOG.warning("/hook/%s was called but is off: set %s", name, missing)
        raise VoiceError("this platform is not set up here", code="not_set_up", http_status=503)

    def _respond(self, platform: Platform[Any], incoming: HookRequest) -> HookResponse:
        call = None
        try:
            call = platform.parse(incoming)
            reply = None if call.turn is None else self._answer(call.turn)
            return platform.render(call, reply)
        except (FutureTimeoutError, BusyError):
            # Whatever is still found is never told: the state travels with the reply.
            return platform.sorry(call, "try_again")
        except InputError:
            raise
        except Exception:
            _LOG.exception("a turn of a platform failed")
            return platform.sorry(call, "error")

    def _answer(self, turn: Turn) -> Reply:
        answering = self._threads.submit(copy_context().run, self._assistant.answer, turn)
        try:
            reply = answering.result(max(current().seconds_left(ANSWER_SECONDS), 0.0))
        finally:
            answering.cancel()
        if self._settings.log_questions:
            log_question(turn.text, reply)
        return reply


def _incoming() -> HookRequest:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return HookRequest(request.get_data(cache=False), headers, _target())


def _target() -> str:
    """Return path and query as they were sent; Werkzeug's own are decoded."""
    scope = request.environ["asgi.scope"]
    path = scope["raw_path"].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


def _outgoing(response: HookResponse) -> Response:
    return Response(response.body, response.status, content_type=response.content_type)
