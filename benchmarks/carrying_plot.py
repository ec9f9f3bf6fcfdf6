"""Draw docs/images/carrying.svg from what `benchmarks.carrying` measured.

Above, how long typed questions wait for their answer; below, how many of the uploads that came at
once were served at the first try.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.carrying import LIMITS, RESULTS

IMAGE: Final = Path(__file__).parents[1] / "docs" / "images" / "carrying.svg"
COLORS: Final = {"vosk": "#2563eb", "pocketsphinx": "#d97706"}
NAMES: Final = {"vosk": "Vosk tiny", "pocketsphinx": "PocketSphinx"}
WIDTH, HEIGHT = 720, 520
LEFT, RIGHT = 64, 700  # of both diagrams
TEXT_TOP, TEXT_BOTTOM = 48, 250
SERVED_TOP, SERVED_BOTTOM = 320, 470
TEXT_MS: Final = (1.0, 1000.0)  # the scale is logarithmic
HEAD: Final = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" \
font-family="sans-serif" font-size="13">
<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>
"""

Point = tuple[float, float]


def main() -> None:
    """Read the measurements and write the image."""
    measured = json.loads(RESULTS.read_text(encoding="utf-8"))
    IMAGE.parent.mkdir(parents=True, exist_ok=True)
    IMAGE.write_text(drawing(measured), encoding="utf-8")
    print(IMAGE)


def drawing(measured: dict[str, list[dict[str, Any]]]) -> str:
    """Return the whole image."""
    counts = [row["uploads"] for row in next(iter(measured.values()))]
    parts = [HEAD, *_text_frame(counts), *_served_frame(counts)]
    columns = [_x(place, len(counts)) for place in range(len(counts))]
    for place, (engine, rows) in enumerate(measured.items()):
        color = COLORS[engine]
        for key, dashes in (("median_ms", ""), ("p99_ms", "5 4")):
            heights = [_text_y(row["text"][key]) for row in rows]
            parts.append(_line(list(zip(columns, heights, strict=True)), color, dashes))
        heights = [_served_y(_served(row)) for row in rows[1:]]  # the first has no uploads
        parts.append(_line(list(zip(columns[1:], heights, strict=True)), color))
        parts.append(_label(RIGHT - 190 + 100 * place, 24, NAMES[engine], fill=color))
    return "".join([*parts, "</svg>\n"])


def _text_frame(counts: Sequence[int]) -> list[str]:
    parts = [_label(LEFT, 24, "text answers, ms: median (line) and 99th percentile (dashes)")]
    for ms in (1, 5, 20, 50, 200, 1000):
        limit = ms in (LIMITS["median_ms"], LIMITS["p99_ms"])
        parts.append(_rule(_text_y(ms), "#b91c1c" if limit else "#e5e7eb"))
        parts.append(_label(LEFT - 8, _text_y(ms) + 4, str(ms), anchor="end"))
    return [*parts, *_ticks(counts, TEXT_BOTTOM)]


def _served_frame(counts: Sequence[int]) -> list[str]:
    parts = [_label(LEFT, SERVED_TOP - 16, "uploads served at the first try, of a hundred")]
    for share in (0, 25, 50, 75, 100):
        parts.append(_rule(_served_y(share), "#e5e7eb"))
        parts.append(_label(LEFT - 8, _served_y(share) + 4, str(share), anchor="end"))
    below = _label((LEFT + RIGHT) / 2, HEIGHT - 12, "uploads at once", anchor="middle")
    return [*parts, *_ticks(counts, SERVED_BOTTOM), below]


def _served(row: dict[str, Any]) -> float:
    outcomes = row["outcomes"]
    return 100 * outcomes.get("served", 0) / sum(outcomes.values())


def _x(place: int, count: int) -> float:
    return LEFT + (RIGHT - LEFT) * (place + 0.5) / count


def _text_y(ms: float) -> float:
    low, high = map(math.log, TEXT_MS)
    share = (math.log(min(max(ms, TEXT_MS[0]), TEXT_MS[1])) - low) / (high - low)
    return TEXT_BOTTOM - share * (TEXT_BOTTOM - TEXT_TOP)


def _served_y(share: float) -> float:
    return SERVED_BOTTOM - share / 100 * (SERVED_BOTTOM - SERVED_TOP)


def _ticks(counts: Sequence[int], bottom: float) -> list[str]:
    return [
        _label(_x(place, len(counts)), bottom + 20, str(count), anchor="middle")
        for place, count in enumerate(counts)
    ]


def _rule(y: float, color: str) -> str:
    return f'<line x1="{LEFT}" x2="{RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{color}"/>\n'


def _line(points: Sequence[Point], color: str, dashes: str = "") -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2" '
        f'stroke-dasharray="{dashes}"/>\n'
    )


def _label(x: float, y: float, text: str, *, anchor: str = "start", fill: str = "#111827") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}">{text}</text>\n'


if __name__ == "__main__":
    main()
