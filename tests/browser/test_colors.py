"""The colors of the page can be told apart, in light and dark (WCAG 2.2, contrast)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "voice/server/page/page.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
)
TEXT, PARTS = 4.5, 3.0  # least contrast of text, and of what one operates
PAIRS = [
    ("ink", "paper", TEXT),
    ("ink", "card", TEXT),
    ("ink", "tint", TEXT),
    ("ink", "warn", TEXT),
    ("soft", "paper", TEXT),
    ("soft", "card", TEXT),
    ("brand", "card", TEXT),
    ("brand", "paper", TEXT),
    ("brand", "tint", TEXT),
    ("brand", "warn", TEXT),
    ("on-brand", "brand", TEXT),
    ("on-live", "live", TEXT),
    ("edge", "card", PARTS),
    ("edge", "paper", PARTS),
    ("focus", "card", PARTS),
    ("focus", "paper", PARTS),
]


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast(scheme: dict[str, str], front: str, back: str, least: float) -> None:
    light, dark = sorted((luminance(scheme[front]), luminance(scheme[back])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least
