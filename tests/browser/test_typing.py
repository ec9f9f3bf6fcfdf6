"""Typed and clicked questions, in a real browser at a real server that has no speech."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route

Open = Callable[..., Any]


@pytest.fixture
def seen(visit: Open, text_server: str) -> Any:
    return visit(text_server)


def test_a_typed_question_is_answered(seen: Any) -> None:
    seen.ask("is it normal for a spine to crack")
    assert seen.newest(".asked p") == "is it normal for a spine to crack"
    assert seen.newest("h3") == "Is it normal for your spine to crack?"
    assert "bubbles" in seen.newest(".answer")
    assert seen.page.input_value("#question") == ""
    assert "bubbles" in seen.page.inner_text("#status")


def test_an_example_is_asked_by_a_click(seen: Any) -> None:
    seen.page.get_by_role("button", name="Does laying down decompress your spine?").click()
    seen.await_reply()
    assert seen.newest("h3") == "Does laying down decompress your spine?"
    assert not seen.page.locator("#examples li").first.is_visible()


def test_what_is_asked_back_can_be_chosen(visit: Open, unsure_server: str) -> None:
    seen = visit(unsure_server)
    seen.ask("cracking my spine")
    assert seen.status() == "clarify"
    choice = seen.page.locator(".turn").last.locator(".choice").nth(1)
    question = choice.inner_text()
    choice.click()
    seen.page.locator(".turn:nth-child(2) .reply[data-status]").wait_for()
    assert seen.status() == "answer"
    assert seen.newest("h3") == question
    assert seen.page.locator("[data-status=clarify] .choice").count() == 0
    first, second = (request.post_data_json for request in seen.sent("ask"))
    assert "conversation" not in first
    assert second["conversation"]


def test_the_second_one_can_be_typed_too(visit: Open, unsure_server: str) -> None:
    seen = visit(unsure_server)
    seen.ask("cracking my spine")
    question = seen.page.locator(".turn .choice").nth(1).inner_text()
    seen.ask("the second one")
    assert seen.newest("h3") == question


def test_an_unknown_question_is_not_answered(seen: Any) -> None:
    seen.ask("who won the football game last night")
    assert seen.status() == "unknown"
    assert "don't know" in seen.newest(".answer")


def test_a_conversation_ends_and_the_next_question_starts_afresh(seen: Any) -> None:
    seen.ask("Is it bad if your spine cracks?")
    seen.ask("goodbye")
    assert seen.status() == "command"
    assert "ended" in seen.newest(".ended")
    seen.ask("Is it bad if your spine cracks?")
    tokens = [request.post_data_json.get("conversation") for request in seen.sent("ask")]
    assert [bool(token) for token in tokens] == [False, True, False]


def test_starting_over_forgets_the_conversation(seen: Any) -> None:
    seen.ask("Is it bad if your spine cracks?")
    seen.page.get_by_role("button", name="Start over").click()
    assert seen.page.locator(".turn").count() == 0
    assert seen.page.locator("#examples li").first.is_visible()
    seen.ask("Is it bad if your spine cracks?")
    assert "conversation" not in seen.sent("ask")[-1].post_data_json


def test_an_empty_question_is_not_sent(seen: Any) -> None:
    seen.page.fill("#question", "   ")
    seen.page.press("#question", "Enter")
    assert seen.message() == "Type a question first."
    assert seen.sent("ask") == []
    seen.page.type("#question", "i")
    assert seen.page.inner_text("#message") == ""


def test_what_is_typed_is_text_and_not_markup(seen: Any) -> None:
    seen.ask("<img src=x onerror=alert(1)> \ud83d\ude00 \u0000")
    assert seen.newest(".asked p").startswith("<img src=x onerror=alert(1)>")
    assert seen.page.locator(".turn img").count() == 0


def test_a_reply_that_comes_after_its_successor_is_dropped(seen: Any) -> None:
    held: list[Route] = []

    def hold_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    seen.page.route("**/ask", hold_first)
    seen.page.fill("#question", "stop")
    seen.page.press("#question", "Enter")
    seen.ask("Is it bad if your spine cracks?")
    with seen.page.expect_response("**/ask"):
        held[0].continue_()
    seen.page.wait_for_timeout(50)
    assert seen.newest("h3") == "Is it bad if your spine cracks?"
    assert seen.page.locator(".ended").count() == 0


@pytest.mark.slow
def test_the_list_is_short(seen: Any) -> None:
    for _ in range(52):
        seen.ask("thanks")
    assert seen.page.locator(".turn").count() == 50


def test_a_server_that_cannot_hear_or_speak_says_so(seen: Any) -> None:
    assert "cannot hear" in seen.page.inner_text("#typing-only")
    for hidden in ("#talk", "#read-aloud-row", "#tap-mode-row"):
        assert not seen.page.locator(hidden).is_visible()
    seen.ask("Is it bad if your spine cracks?")
    assert seen.page.get_by_role("button", name="Listen").count() == 0
    assert seen.sent("speak") == []
