"""The web page: one template filled in from the FAQ, and the files beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort, make_response, render_template, request

from voice import paths
from voice.assistant import Assistant
from voice.errors import SetupError
from voice.faq import Faq
from voice.settings import Settings

MAX_EXAMPLES: Final = 9  # questions offered to click
MAX_TALK_SECONDS: Final = 55.0  # the page ends a recording before the server refuses it
TALK_RESERVE_SECONDS: Final = 1.0  # a recorder adds a little at both ends
FALLBACK_LANGUAGE: Final = "en"

_FOLDER: Final = Path(__file__).with_name("page")
# Named here because what the system says of them may be wrong: Windows often calls .js plain text.
_CONTENT_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def page_blueprint(settings: Settings, assistant: Assistant) -> Blueprint:
    """Return the routes of the page: `GET /` and `GET /page/<file>`."""
    blueprint = Blueprint("page", __name__, template_folder=str(_FOLDER))
    files = _page_files()
    strings = load_strings(assistant.faq.locale)
    talk_seconds = min(MAX_TALK_SECONDS, settings.max_audio_seconds - TALK_RESERVE_SECONDS)

    @blueprint.get("/")
    def show_page() -> Response:
        faq = assistant.faq
        body = render_template(
            "index.html",
            title=faq.title,
            greeting=faq.greeting or assistant.phrases.say["greeting"],
            notice=faq.notice,
            questions=_examples(faq, date.today()),
            locale=faq.locale,
            hearing=assistant.recognizer is not None,
            speaking=assistant.synthesizer is not None,
            strings=strings,
            talk_seconds=max(1, int(talk_seconds)),
        )
        return _revalidated(make_response(body))

    @blueprint.get("/page/<name>")
    def show_file(name: str) -> Response:
        if name not in files:
            abort(404)
        response = make_response(files[name])
        response.content_type = _CONTENT_TYPES[Path(name).suffix]
        return _revalidated(response)

    return blueprint


def load_strings(locale: str) -> Mapping[str, str]:
    """Return the page's own wording in the language of `locale`, else in English.

    Raises SetupError when the file is damaged.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    folder = paths.shipped("data", "page")
    language = locale.partition("-")[0].lower()
    path = folder / f"{language}.yaml"
    if not path.is_file():
        path = folder / f"{FALLBACK_LANGUAGE}.yaml"
    try:
        strings: dict[str, str] = YAML(typ="safe", pure=True).load(path)
    except (OSError, ValueError, YAMLError) as error:
        raise SetupError(f"cannot read the page's wording: {path.name}: {error}") from None
    return strings


def _page_files() -> dict[str, bytes]:
    """Return what the page is made of, by name; the template is no file to hand out."""
    return {
        path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.suffix in _CONTENT_TYPES
    }


def _examples(faq: Faq, today: date) -> list[str]:
    return [entry.question for entry in faq.entries if entry.is_valid_on(today)][:MAX_EXAMPLES]


def _revalidated(response: Response) -> Response:
    """Let browsers keep the response, but ask each time whether it is still the same."""
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
