"""The Flask app: which address is answered by what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Flask, Response, jsonify, request
from flask.json.provider import DefaultJSONProvider

from voice.assistant import Assistant
from voice.platforms.twilio import speech_links
from voice.server.browser_key import PAIRING_PATH, BrowserKeyRoutes, Pairing
from voice.server.errors import add_error_handlers
from voice.server.guard import Guard, RequestHead
from voice.server.health import Health
from voice.server.openapi import document
from voice.server.page_routes import page_blueprint
from voice.server.routes_ask import AskRoute
from voice.server.routes_hook import HookRoute
from voice.server.routes_speech import SpeechRoutes
from voice.server.routes_twilio_speech import TwilioSpeechRoute
from voice.server.routes_v1 import v1_blueprint
from voice.server.testing import check_testing
from voice.settings import Settings

View = Callable[..., Response]

PAGE_HEADERS: Final = {
    # Nothing inline and nothing from elsewhere; blob: is the recorded and the spoken audio.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class _Json(DefaultJSONProvider):
    """Keep the order of our fields, and write other scripts as they are."""

    sort_keys = False
    ensure_ascii = False


def create_app(
    settings: Settings,
    assistant: Assistant,
    *,
    pairing: Pairing | None = None,
    testing: bool = False,
) -> Flask:
    """Return the app that answers for an assistant; `pairing` is for `voice serve --lan`.

    Raises InputError for settings that only tests may have, unless it is told that this is one.
    """
    check_testing(settings, testing=testing)
    app = Flask("voice.server", static_folder=None)
    app.json = _Json(app)
    app.url_map.merge_slashes = False  # its redirects are HTML
    app.extensions["voice.health"] = health = Health(settings, assistant)
    add_error_handlers(app)
    app.before_request(_check_with(Guard(settings)))
    browser = BrowserKeyRoutes(settings, pairing)
    app.extensions["voice.hooks"] = hooks = HookRoute(settings, assistant)
    for method, path, view in _routes(settings, assistant, health, browser, hooks):
        app.add_url_rule(path, view_func=view, methods=[method])
    app.register_blueprint(v1_blueprint(settings, assistant))
    page = page_blueprint(settings, assistant)
    page.after_request(_add_page_headers)
    app.register_blueprint(page)
    return app


def _routes(
    settings: Settings,
    assistant: Assistant,
    health: Health,
    browser: BrowserKeyRoutes,
    hooks: HookRoute,
) -> tuple[tuple[str, str, View], ...]:
    speech = SpeechRoutes(settings, assistant)
    return (
        ("POST", "/ask", AskRoute(settings, assistant).ask),
        ("POST", "/listen", speech.listen),
        ("POST", "/speak", speech.speak),
        ("POST", "/hook/<name>", hooks.hook),
        ("POST", "/page/key", browser.enter),
        ("GET", f"{PAIRING_PATH}<code>", browser.pair),
        ("GET", f"{speech_links.PATH}<token>", TwilioSpeechRoute(settings, assistant).speech),
        ("GET", "/health/live", health.live),
        ("GET", "/health/ready", health.ready),
        ("GET", "/openapi.json", _openapi),
    )


def _openapi() -> Response:
    return jsonify(document())


def _add_page_headers(response: Response) -> Response:
    response.headers.update(PAGE_HEADERS)
    return response


def _check_with(guard: Guard) -> Callable[[], None]:
    def check() -> None:
        environ = request.environ
        head = RequestHead(
            request.method,
            request.path,
            environ.get("HTTP_HOST"),
            environ.get("HTTP_ORIGIN"),
            environ.get("HTTP_AUTHORIZATION"),
            environ.get("HTTP_COOKIE"),
        )
        guard.check(head)

    return check
