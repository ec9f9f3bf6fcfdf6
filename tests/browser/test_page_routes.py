"""The page as the server gives it, without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from voice import paths
from voice.opening import open_assistant
from voice.server.page_routes import load_strings, page_blueprint
from voice.settings import Settings

PAGE = Path(__file__).parents[2] / "voice" / "server" / "page"
LANGUAGES = [path.stem for path in paths.shipped("data", "page").glob("*.yaml")]


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    assistant = open_assistant(settings, hearing=False, speaking=False)
    app = Flask("page", static_folder=None)
    app.register_blueprint(page_blueprint(settings, assistant))
    return app.test_client()


def test_the_page_shows_the_faq(client: FlaskClient) -> None:
    body = client.get("/").get_data(as_text=True)
    assert "Back cracking</h1>" in body
    assert "not medical advice" in body
    assert body.count("data-question=") == 9
    assert 'data-hearing="no" data-speaking="no"' in " ".join(body.split())


def test_text_of_the_faq_is_text_and_not_markup(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    faq = tmp_path / "faq.yaml"
    faq.write_text(
        'version: 1\ntitle: "<b>&\'\\"</b>"\nlocale: en\n'
        'entries: [{question: "\\"><script>alert(1)</script>", answer: "Yes."}]\n'
    )
    settings = make_settings(faq=faq)
    assistant = open_assistant(settings, hearing=False, speaking=False)
    app = Flask("page", static_folder=None)
    app.register_blueprint(page_blueprint(settings, assistant))
    body = app.test_client().get("/").get_data(as_text=True)
    assert "<b>" not in body
    assert "<script>" not in body


def test_every_file_has_its_own_type_and_is_sent_again_only_when_it_changed(
    client: FlaskClient,
) -> None:
    types = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    files = [path for path in PAGE.iterdir() if path.suffix in types]
    for url, kind in [("/", "text/html"), *((f"/page/{f.name}", types[f.suffix]) for f in files)]:
        response = client.get(url)
        assert response.status_code == 200
        assert response.mimetype == kind
        assert response.headers["Cache-Control"] == "no-cache"
        again = client.get(url, headers={"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["index.html", "none.js", "..%2Fapp.py", "%2e%2e/app.py", ""])
def test_nothing_else_is_handed_out(client: FlaskClient, name: str) -> None:
    assert client.get(f"/page/{name}").status_code == 404


def test_nothing_on_the_page_is_inline_or_from_elsewhere() -> None:
    for path in PAGE.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"(https?:)?//[a-z]", text.replace("// ", "")), path.name
        if path.suffix == ".html":
            assert not re.search(r"<script(?! type=\"module\" src=)|<style|\sstyle=|\son\w+=", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_wording_and_no_other(language: str) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in PAGE.iterdir())
    strings, english = load_strings(language), load_strings("en")
    assert strings["language"] == language
    assert list(strings) == list(english)
    for key, text in strings.items():
        assert isinstance(text, str), f"{key} must be quoted: YAML reads it as something else"
        assert re.findall(r"{\w+}", text) == re.findall(r"{\w+}", english[key])
        assert re.search(rf'strings\.{key}\b|"{key}"|talk_\$', code), f"nothing says {key}"
    asked = re.findall(r'words\(\s*"(\w+)"|strings\.(\w+)', code)
    assert {js or html for js, html in asked} <= set(strings)


def test_a_language_without_its_own_wording_gets_english() -> None:
    assert load_strings("xx-YY")["language"] == "en"
    assert load_strings("de-AT")["language"] == "de"
