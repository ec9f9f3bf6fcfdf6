"""Two small FAQs and the ways to talk about them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from voice.dialogue import Dialogue
from voice.faq import Faq
from voice.faq.readers import read_faq
from voice.matching.matcher import Matcher
from voice.phrases import load_phrases
from voice.types import TEXT_CHANNEL, Channel

CASES = Path(__file__).parents[1] / "cases"
CHANNELS = {"text": TEXT_CHANNEL, "phone": Channel("phone", page_chars=240, keeps_open=True)}


@cache
def faq_in(language: str) -> Faq:
    return read_faq(CASES / f"dialogue_faq_{language}.yaml")


@cache
def dialogue_in(language: str) -> Dialogue:
    faq = faq_in(language)
    return Dialogue(faq, load_phrases(language), Matcher(faq).match)


@pytest.fixture(scope="session")
def faqs() -> Callable[[str], Faq]:
    return faq_in


@pytest.fixture(scope="session")
def dialogues() -> Callable[[str], Dialogue]:
    return dialogue_in


@pytest.fixture(scope="session")
def dialogue() -> Dialogue:
    return dialogue_in("en")


@pytest.fixture(scope="session")
def channels() -> dict[str, Channel]:
    return CHANNELS
