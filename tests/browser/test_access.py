"""For everybody: keyboard, screen reader, small screens, no motion."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Open = Callable[..., Any]
OPERATED = {"button", "textbox", "switch", "link", "DisclosureTriangle"}
GERMAN = """
version: 1
title: Rückenwirbelsäulengymnastik
locale: de-DE
greeting: Guten Tag.
entries:
  - {question: "Ist es schlimm, wenn die Wirbelsäule knackt?", answer: "In Maßen nicht."}
  - {question: "Ist es normal, dass die Wirbelsäule knackt?", answer: "Ja, fast immer."}
"""


@pytest.fixture(scope="module")
def hearing_server(serve: Any, vosk_tiny: Path) -> str:
    return serve(vosk_model=vosk_tiny, tts="off", drain_seconds=0)


@pytest.fixture(scope="module")
def german_server(serve: Any, tmp_path_factory: Any, vosk_tiny: Path) -> str:
    faq = tmp_path_factory.mktemp("faq") / "de.yaml"
    faq.write_text(GERMAN, encoding="utf-8")
    return serve(faq=faq, vosk_model=vosk_tiny, tts="off", drain_seconds=0)


def names_of_controls(seen: Any) -> dict[str, list[str]]:
    """Return role -> accessible names, as the browser tells them to screen readers."""
    session = seen.page.context.new_cdp_session(seen.page)
    found: dict[str, list[str]] = {}
    for node in session.send("Accessibility.getFullAXTree")["nodes"]:
        role = node.get("role", {}).get("value")
        if role in OPERATED and not node["ignored"]:
            found.setdefault(role, []).append(node.get("name", {}).get("value", ""))
    return found


def test_every_control_has_a_name(visit: Open, full_server: str) -> None:
    seen = visit(full_server)
    seen.ask("cracking my spine")
    seen.ask("Is it bad if your spine cracks?")
    names = names_of_controls(seen)
    assert set(names) == OPERATED
    assert all(name.strip() for found in names.values() for name in found)
    assert {"Hold to talk", "Ask", "Start over"} <= set(names["button"])
    assert names["textbox"] == ["Your question"]
    assert names["switch"] == ["Read aloud", "Tap mode"]


def test_ids_are_unique_and_headings_in_order(visit: Open, text_server: str) -> None:
    seen = visit(text_server)
    seen.ask("Is it bad if your spine cracks?")
    ids = seen.page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    levels = seen.page.eval_on_selector_all("h1, h2, h3", "all => all.map(one => one.tagName)")
    assert levels == ["H1", "H2", "H3"]


def test_everything_is_reached_and_seen_by_keyboard(visit: Open, hearing_server: str) -> None:
    page = visit(hearing_server).page
    reached = []
    for _ in range(15):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", reached[-1]
    assert reached[0] == "A"
    assert reached[1] == "SUMMARY"
    assert reached[2:11] == ["BUTTON"] * 9
    assert reached[11:] == ["talk", "question", "BUTTON", "tap-mode"]


def test_a_choice_by_keyboard_takes_the_focus_along(visit: Open, unsure_server: str) -> None:
    seen = visit(unsure_server)
    page = seen.page
    seen.ask("cracking my spine")
    page.locator(".choice:visible").first.focus()
    page.keyboard.press("Enter")
    page.locator("[data-status=answer]").wait_for()
    assert page.evaluate("document.activeElement === document.querySelector('.turn:last-child')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement !== document.body")


def test_the_skip_link_leads_to_the_question(visit: Open, text_server: str) -> None:
    page = visit(text_server).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("hello")
    assert page.input_value("#question") == "hello"


def test_the_page_speaks_the_language_of_its_faq(visit: Open, german_server: str) -> None:
    seen = visit(german_server)
    assert seen.page.get_attribute("html", "lang") == "de"
    assert seen.page.get_attribute("h1", "lang") == "de-DE"
    assert "Zum Sprechen halten" in names_of_controls(seen)["button"]


@pytest.mark.parametrize("width", [320, 360, 768])
def test_nothing_is_cut_off_on_narrow_screens(visit: Open, german_server: str, width: int) -> None:
    seen = visit(german_server, viewport={"width": width, "height": 640})
    seen.ask("Ist es schlimm, wenn die Wirbelsäule knackt?")
    seen.ask("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3)
    page = seen.page
    page.locator("#talk").hover()
    page.mouse.down()
    page.locator("#talk[aria-pressed=true]").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.eval_on_selector_all(
        "button, input, h1, p:not(.unseen), label",
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1"
        " && one.tagName != 'INPUT').map(one => one.outerHTML)",
    )
    assert wide == []
    page.keyboard.press("Escape")


def test_fingers_hit_every_control(visit: Open, hearing_server: str) -> None:
    seen = visit(hearing_server, viewport={"width": 360, "height": 740})
    seen.ask("Is it bad if your spine cracks?")
    sizes = seen.page.eval_on_selector_all(
        "button, summary, label.switch, #question",
        "all => all.filter(one => one.checkVisibility())"
        ".map(one => [one.textContent.trim(), one.getBoundingClientRect().height])",
    )
    assert [name for name, height in sizes if height < 40] == []


def test_nothing_moves_for_those_who_want_it_so(visit: Open, text_server: str) -> None:
    seen = visit(text_server, reduced_motion="reduce")
    held: list[Any] = []
    seen.page.route("**/ask", lambda route: held.append(route))
    seen.page.fill("#question", "hello")
    seen.page.press("#question", "Enter")
    style = "getComputedStyle(document.querySelector('.dots i')).animationName"
    assert seen.page.evaluate(style) == "none"
    held[0].continue_()
    seen.await_reply()
