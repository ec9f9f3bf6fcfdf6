from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from voice.faq import Faq, FaqEntry
from voice.faq.readers import read_faq
from voice.matching.matcher import Matcher
from voice.paths import shipped

MakeFaq = Callable[..., Faq]


@pytest.fixture(scope="session")
def back_faq() -> Faq:
    """Return the FAQ the product ships with."""
    return read_faq(Path(shipped("data", "faq", "back-cracking.yaml")))


@pytest.fixture(scope="session")
def back(back_faq: Faq) -> Matcher:
    """Return the matcher of the shipped FAQ, with the default limits."""
    return Matcher(back_faq)


@pytest.fixture(scope="session")
def make_faq() -> MakeFaq:
    """Return a maker of FAQs from {id: [question, variant, ...]}; fields by entry id."""

    def make(
        wordings: Mapping[str, Sequence[str]],
        locale: str = "en",
        **fields: Mapping[str, Any],
    ) -> Faq:
        entries = [
            FaqEntry(
                id=name,
                question=question,
                variants=tuple(variants),
                answer="It is.",
                **fields.get(name, {}),
            )
            for name, (question, *variants) in wordings.items()
        ]
        return Faq(title="Test", locale=locale, entries=tuple(entries))

    return make


SHOP = {
    "hours": ["What are your opening hours?", "when do you open", "are you open on Sunday"],
    "parking": ["Where can I park?", "is there a car park"],
    "refund": ["Can I get my money back?", "how do refunds work"],
}


@pytest.fixture(scope="session")
def shop_wordings() -> dict[str, list[str]]:
    """Return the phrases of a small shop's FAQ by entry id."""
    return SHOP


@pytest.fixture(scope="session")
def shop(make_faq: MakeFaq) -> Matcher:
    """Return the matcher of a small shop's FAQ."""
    return Matcher(make_faq(SHOP))
