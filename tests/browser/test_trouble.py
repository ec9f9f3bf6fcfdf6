"""What goes wrong is told in one line, and typing goes on working."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

pytestmark = pytest.mark.slow

Open = Callable[..., Any]
QUESTION = "Is it bad if your spine cracks?"


def fails_with(status: int, code: str = "x", **headers: str) -> Callable[[Route], None]:
    body = {"error": {"code": code, "message": f"the server's own words for {status}"}}
    return lambda route: route.fulfill(status=status, json=body, headers=headers)


def test_an_unreachable_server_is_told_and_tried_again(visit: Open, text_server: str) -> None:
    seen = visit(text_server, may_fail=True)
    seen.page.context.set_offline(True)
    seen.ask(QUESTION)
    assert "cannot be reached" in seen.newest(".answer")
    seen.page.context.set_offline(False)
    seen.page.get_by_role("button", name="Try again").click()
    seen.page.locator("[data-status=answer]").wait_for()
    assert seen.newest("h3") == QUESTION
    assert seen.page.locator(".turn").count() == 1
    assert seen.page.evaluate("document.activeElement.className") == "turn"


@pytest.mark.parametrize(
    ("status", "headers", "line", "again"),
    [
        (413, {}, "too long", False),
        (415, {}, "could not be read", False),
        (503, {"Retry-After": "7"}, "try again in 7 seconds", True),
        (429, {"Retry-After": "9"}, "try again in 9 seconds", True),
        (500, {}, "the server's own words for 500", True),
        (422, {}, "the server's own words for 422", False),
    ],
)
def test_errors_are_one_human_line(
    visit: Open, text_server: str, status: int, headers: dict[str, str], line: str, again: bool
) -> None:
    seen = visit(text_server, may_fail=True)
    seen.page.route("**/ask", fails_with(status, **headers))
    seen.ask(QUESTION)
    assert seen.status() == "failed"
    assert line in seen.newest(".answer")
    assert line in seen.page.inner_text("#status")
    assert seen.page.get_by_role("button", name="Try again").count() == int(again)


def test_an_answer_that_is_no_json_is_told(visit: Open, text_server: str) -> None:
    seen = visit(text_server)
    seen.page.route("**/ask", lambda route: route.fulfill(body="<html>a hotel's login page"))
    seen.ask(QUESTION)
    assert "Something went wrong" in seen.newest(".answer")


def test_a_key_is_asked_for_once_and_no_script_can_read_it(visit: Open, serve: Any) -> None:
    seen = visit(serve(stt="off", tts="off", api_keys="sesame", drain_seconds=0), may_fail=True)
    page = seen.page
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")
    assert "needs an access key" in seen.message()
    page.keyboard.type("wrong")  # the field has the focus
    page.keyboard.press("Enter")
    page.get_by_text("was not accepted").wait_for()
    page.keyboard.type("sesame")
    page.keyboard.press("Enter")
    seen.await_reply()
    assert seen.newest("h3") == QUESTION
    assert not page.locator("#key-form").is_visible()
    page.reload()
    seen.ask(QUESTION)
    assert seen.newest("h3") == QUESTION
    [cookie] = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert "sesame" not in cookie["value"]
    assert (
        page.evaluate("document.cookie + JSON.stringify([localStorage, sessionStorage])").find(
            "sesame"
        )
        == -1
    )


@pytest.fixture(scope="module")
def hearing_server(serve: Any, vosk_tiny: Any) -> str:
    return serve(vosk_model=vosk_tiny, tts="off", drain_seconds=0)


def test_a_refused_microphone_says_what_to_do(
    visit: Open, hearing_server: str, launch: Callable[..., Browser]
) -> None:
    seen = visit(hearing_server, browser=launch("--deny-permission-prompts"))
    seen.page.locator("#talk").hover()
    seen.page.mouse.down()
    assert "The microphone is blocked" in seen.message()
    assert seen.page.get_attribute("#talk", "data-state") == "idle"
    seen.page.mouse.up()
    seen.ask(QUESTION)
    assert seen.newest("h3") == QUESTION


@pytest.mark.parametrize(
    ("name", "line"),
    [("NotFoundError", "No microphone was found"), ("NotReadableError", "another program")],
)
def test_a_missing_or_busy_microphone_says_what_to_do(
    visit: Open, hearing_server: str, name: str, line: str
) -> None:
    seen = visit(hearing_server)
    seen.page.evaluate(
        "name => navigator.mediaDevices.getUserMedia = async () => {"
        " throw new DOMException('none', name); }",
        name,
    )
    seen.page.focus("#talk")
    seen.page.keyboard.down("Enter")
    assert line in seen.message()


def test_a_page_without_https_says_why_nobody_can_talk(
    visit: Open, serve: Any, vosk_tiny: Any, launch: Callable[..., Browser]
) -> None:
    url = serve(vosk_model=vosk_tiny, tts="off", allowed_hosts="faq.test", drain_seconds=0)
    browser = launch("--host-resolver-rules=MAP faq.test 127.0.0.1")
    seen = visit(url.replace("127.0.0.1", "faq.test"), browser=browser, may_fail=True)
    assert "only on https pages" in seen.page.inner_text("#typing-only")
    assert not seen.page.locator("#talk").is_visible()
    seen.ask(QUESTION)
    assert seen.newest("h3") == QUESTION


def test_an_answer_that_cannot_be_read_aloud_is_still_there(visit: Open, full_server: str) -> None:
    seen = visit(full_server, may_fail=True)
    seen.page.route("**/speak", fails_with(503, "setup"))
    seen.ask(QUESTION)
    assert seen.message() == "the server's own words for 503"
    assert seen.newest("h3") == QUESTION
    seen.page.route("**/speak", lambda route: route.fulfill(body=b"no sound"))
    seen.page.get_by_role("button", name="Listen").click()
    seen.page.get_by_text("cannot be read aloud").wait_for()
