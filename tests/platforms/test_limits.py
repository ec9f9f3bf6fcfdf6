"""Long answers full of odd characters, through the server's own dialogue to each platform.

The adapters' own tests render such replies; here an FAQ holds them, and callers who are as
strict as the platforms hear them page by page to the end.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from os.path import commonprefix
from pathlib import Path

import pytest
from servers import Client

from voice.opening import open_assistant
from voice.server.app import create_app
from voice.server.front import create_front
from voice.settings import Settings
from voice.simulate import open_caller, trusting_settings

pytestmark = pytest.mark.slow  # real engines and servers, a second and more a test

HOOKS = ["alexa", "dialogflow-cx", "dialogflow-es", "twilio"]
LENGTHS = [10, 1_000, 20_000]
SENTENCE = 'Salt & <b>pepper</b> cost "3.50", it\'s fine 👩‍👩‍👧 مرحبا שלום, and so on. '
QUESTION = "How long is the answer with {} characters?"
MAX_PAGES = 60


def text_of(length: int) -> str:
    return (SENTENCE * (length // len(SENTENCE) + 1))[:length].strip()


def rest_of(text: str, heard: str) -> str:
    """Return what is left of a text after one page of it; a question may follow the page."""
    page = commonprefix([text, heard])
    if page != text:
        page = page[: page.rindex(".") + 1]
    return text[len(page) :].strip()


@pytest.fixture(scope="module")
def faq(tmp_path_factory: pytest.TempPathFactory) -> Path:
    entries = [
        {"id": f"n{length}", "question": QUESTION.format(length), "answer": text_of(length)}
        for length in LENGTHS
    ]
    path = tmp_path_factory.mktemp("limits") / "long.yaml"
    body = {"version": 1, "title": "Long answers", "locale": "en-US", "entries": entries}
    path.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("platform", HOOKS)
def test_an_answer_is_heard_whole_and_within_the_limits(
    platform: str,
    length: int,
    faq: Path,
    make_settings: Callable[..., Settings],
    serve_front: Callable[..., Client],
) -> None:
    settings = make_settings(
        faq=faq, stt="off", tts="off", **trusting_settings(platform, faq.parent)
    )
    assistant = open_assistant(settings)
    client = serve_front(create_front(create_app(settings, assistant, testing=True), settings))
    caller = open_caller(platform, f"http://127.0.0.1:{client.port}", settings)
    caller.start()
    said, rest = QUESTION.format(length), text_of(length)
    pages = 0
    while rest:
        rest = rest_of(rest, caller.say(said).speech)
        said = "yes"  # it is asked whether to go on
        pages += 1
        assert pages <= MAX_PAGES
    assert pages == 1 or length > 600
    caller.close()
    assistant.close()
