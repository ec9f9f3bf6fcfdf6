"""Talking to the page: a real browser, a microphone that plays a file, a real recognizer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

Open = Callable[..., Any]
QUESTION = "Is it normal for your spine to crack?"
HEARD = "is it normal for your spine to crack"
SPOKEN_MS = 4500  # QUESTION with silence around it, and some more: a busy machine plays late


@pytest.fixture(scope="module")
def asking_browser(say_into_microphone: Callable[[str], Browser]) -> Browser:
    """Return a browser whose microphone hears the question each time it is opened."""
    return say_into_microphone(QUESTION)


def is_playing(seen: Any) -> bool:
    return bool(seen.page.evaluate("!document.getElementById('speech').paused"))


def await_sound(seen: Any) -> None:
    seen.until("document.getElementById('speech').currentTime > 0.2")


def hold(seen: Any, milliseconds: int) -> None:
    """Hold the talk button with the mouse."""
    seen.page.locator("#talk").hover()
    seen.page.mouse.down()
    seen.page.wait_for_timeout(milliseconds)
    seen.page.mouse.up()


def check_heard(seen: Any) -> None:
    seen.await_reply()
    assert seen.newest(".asked p") == HEARD
    assert seen.status() == "answer"
    assert seen.newest("h3") == QUESTION


def test_holding_the_button_asks_aloud_and_the_answer_is_read(
    visit: Open, full_server: str, asking_browser: Browser
) -> None:
    seen = visit(full_server, browser=asking_browser)
    seen.page.locator("#talk").hover()
    seen.page.mouse.down()
    seen.page.locator("#talk[aria-pressed=true]").wait_for()
    seen.until(
        "getComputedStyle(document.getElementById('talk')).getPropertyValue('--level') > 0.3"
    )
    seen.page.wait_for_timeout(SPOKEN_MS)
    seen.page.mouse.up()
    check_heard(seen)
    assert seen.page.get_attribute("#talk", "aria-pressed") == "false"
    await_sound(seen)
    before = seen.page.evaluate("document.getElementById('speech').currentTime")
    seen.page.wait_for_timeout(300)
    assert seen.page.evaluate("document.getElementById('speech').currentTime") > before
    seen.page.get_by_role("button", name="Stop").click()
    assert not is_playing(seen)


def test_it_hears_without_any_model_downloaded(
    visit: Open, serve: Any, asking_browser: Browser
) -> None:
    seen = visit(serve(stt="pocketsphinx", tts="off", drain_seconds=0), browser=asking_browser)
    hold(seen, SPOKEN_MS)
    seen.await_reply()
    assert seen.newest("h3") == QUESTION


def test_the_space_bar_is_held_like_the_mouse(
    visit: Open, full_server: str, asking_browser: Browser
) -> None:
    seen = visit(full_server, browser=asking_browser)
    seen.page.focus("#talk")
    seen.page.keyboard.down("Space")
    for _ in range(3):  # a held key repeats
        seen.page.keyboard.down("Space")
    seen.page.wait_for_timeout(SPOKEN_MS)
    seen.page.keyboard.up("Space")
    check_heard(seen)
    assert seen.page.evaluate("document.activeElement.id") == "talk"


def test_in_tap_mode_one_tap_starts_and_another_sends(
    visit: Open, full_server: str, asking_browser: Browser
) -> None:
    seen = visit(full_server, browser=asking_browser, has_touch=True)
    seen.page.get_by_role("switch", name="Tap mode").check()
    seen.page.get_by_role("button", name="Tap to talk").tap()
    seen.page.wait_for_timeout(SPOKEN_MS)
    seen.page.locator("#talk").tap()
    check_heard(seen)
    seen.page.reload()
    assert seen.page.get_by_role("switch", name="Tap mode").is_checked()


def test_a_click_without_a_press_works_for_screen_readers(
    visit: Open, full_server: str, asking_browser: Browser
) -> None:
    seen = visit(full_server, browser=asking_browser)
    seen.page.evaluate("document.getElementById('talk').click()")
    seen.page.wait_for_timeout(SPOKEN_MS)
    seen.page.evaluate("document.getElementById('talk').click()")
    check_heard(seen)


def test_what_was_heard_can_be_corrected(
    visit: Open, full_server: str, asking_browser: Browser
) -> None:
    seen = visit(full_server, browser=asking_browser)
    hold(seen, SPOKEN_MS)
    check_heard(seen)
    seen.page.get_by_role("button", name="Correct this text").click()
    assert seen.page.input_value("#question") == HEARD
    assert seen.page.evaluate("document.activeElement.id") == "question"


def test_a_short_press_says_to_hold_and_sends_nothing(visit: Open, full_server: str) -> None:
    seen = visit(full_server)
    hold(seen, 40)
    assert "Hold the button while you speak" in seen.message()
    assert seen.sent("listen") == []


def test_escape_throws_the_recording_away(visit: Open, full_server: str) -> None:
    seen = visit(full_server)
    seen.page.locator("#talk").hover()
    seen.page.mouse.down()
    seen.page.locator("#talk[aria-pressed=true]").wait_for()
    seen.page.wait_for_timeout(500)
    seen.page.keyboard.press("Escape")
    seen.page.mouse.up()
    seen.page.wait_for_timeout(500)
    assert seen.page.get_attribute("#talk", "data-state") == "idle"
    assert seen.sent("listen") == []


def test_no_speech_is_told_as_such(visit: Open, full_server: str) -> None:
    seen = visit(full_server)  # this microphone only beeps
    hold(seen, 1500)
    seen.await_reply()
    assert seen.status() == "no_input"
    assert seen.newest(".label") == "Nothing was heard"


def test_a_recording_ends_by_itself_before_it_is_too_long(
    visit: Open, serve: Any, vosk_tiny: Any
) -> None:
    seen = visit(serve(vosk_model=vosk_tiny, tts="off", max_audio_seconds=3, drain_seconds=0))
    seen.page.locator("#talk").hover()
    seen.page.mouse.down()
    assert "limit of 2 seconds" in seen.message()
    seen.await_reply()
    assert seen.status() == "no_input"
    seen.page.mouse.up()


@pytest.mark.parametrize("how", ["typing", "talking", "escape", "asking", "switch"])
def test_the_voice_falls_silent(visit: Open, full_server: str, how: str) -> None:
    seen = visit(full_server)
    seen.ask(QUESTION)
    await_sound(seen)
    page = seen.page
    stop = {
        "typing": lambda: page.type("#question", "w"),
        "talking": lambda: hold(seen, 10),
        "escape": lambda: page.keyboard.press("Escape"),
        "asking": lambda: (page.route("**/speak", lambda _: None), seen.ask("thanks")),
        "switch": lambda: page.get_by_role("switch", name="Read aloud").uncheck(),
    }
    stop[how]()
    assert not is_playing(seen)


def test_reading_aloud_is_remembered_and_can_be_had_once(visit: Open, full_server: str) -> None:
    seen = visit(full_server)
    seen.page.get_by_role("switch", name="Read aloud").uncheck()
    seen.page.reload()
    seen.ask(QUESTION)
    assert seen.sent("speak") == []
    seen.page.get_by_role("button", name="Listen").click()
    await_sound(seen)
