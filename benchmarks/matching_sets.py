"""What matching is measured on.

The shipped FAQ (each wording left out in turn; near misses of tests/cases; strangers' sentences),
and where VOICE_TEST_DATA is set StackFAQ and two bots of HINT3. For StackFAQ the out-of-scope
questions are those of entries left out, a fifth at a time: as near as can be.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

from voice.faq.readers import read_faq
from voice.matching.normalize import normalize
from voice.paths import shipped

ROOT: Final = Path(__file__).resolve().parents[1]
CASES: Final = ROOT / "tests" / "cases" / "matching_back.yaml"

Wordings = Mapping[str, Sequence[str]]  # entry -> its phrases
Question = tuple[str, str | None]  # text, entry or None when out of scope


@dataclass(frozen=True)
class Part:
    """An FAQ and what it is asked."""

    wordings: Wordings
    questions: Sequence[Question]


def load_sets() -> dict[str, list[Part]]:
    """Return every set that is here, by name."""
    sets = {"back cracking, near misses": back_set(near_misses())}
    folder = os.environ.get("VOICE_TEST_DATA")
    if folder:
        data = Path(folder)
        sets["back cracking, strangers"] = back_set(strangers(data))
        sets["StackFAQ"] = stackfaq_set(data / "stackfaq" / "stackExchange-FAQ.json")
        for bot in ("curekart", "sofmattress"):
            sets[f"HINT3 {bot}"] = hint3_set(data / "hint3" / "v1", bot)
    return sets


def back_set(outside: Sequence[str]) -> list[Part]:
    """Return the shipped FAQ with each wording left out in turn, and whole for the outsiders."""
    faq = read_faq(shipped("data", "faq", "back-cracking.yaml"))
    wordings = {entry.id: entry.phrases for entry in faq.entries}
    parts = [Part(wordings, [(text, None) for text in outside])]
    for name, phrases in wordings.items():
        for phrase in phrases:
            kept = tuple(other for other in phrases if other != phrase)
            parts.append(Part({**wordings, name: kept}, [(phrase, name)]))
    return parts


def near_misses() -> list[str]:
    """Return the questions of the test cases that the shipped FAQ must not answer."""
    cases = YAML(typ="safe").load(CASES)
    return [*cases["unknown"], *cases["not_answered"], *cases["known_wrong"]]


def strangers(data: Path) -> list[str]:
    """Return sentences that have nothing to do with backs."""
    texts = [row["transcript"] for row in rows(data / "spoken_misc" / "manifest.tsv", "\t")]
    texts += [row["text"] for row in rows(data / "barista_dev" / "phrases.tsv", "\t")]
    for bot in ("curekart", "sofmattress"):
        texts += [row["sentence"] for row in rows(data / f"hint3/v1/test/{bot}_test.csv", ",")]
    return [text for text in dict.fromkeys(texts) if normalize(text)]


def stackfaq_set(path: Path) -> list[Part]:
    """Return the split of its README: title and first block known, second block asked."""
    known: dict[str, list[str]] = {}
    asked: list[Question] = []
    for number, pair in enumerate(json.loads(path.read_text(encoding="utf-8"))["root"]["qapair"]):
        cut, name = pair["rephr"].index("*"), str(number)
        known[name] = [text for text in (pair["question"], *pair["rephr"][:cut]) if text]
        asked += [(text, name) for text in pair["rephr"][cut + 1 :] if text]
    parts = [Part(known, asked)]
    for fold in range(5):
        out = {name for name in known if int(name) % 5 == fold}
        kept = {name: phrases for name, phrases in known.items() if name not in out}
        parts.append(Part(kept, [(text, None) for text, name in asked if name in out]))
    return parts


def hint3_set(folder: Path, bot: str) -> list[Part]:
    """Return one bot: what its users asked, and what of it nobody had foreseen."""
    known: dict[str, list[str]] = {}
    for row in rows(folder / "train" / f"{bot}_train.csv", ","):
        if normalize(row["sentence"]):
            known.setdefault(row["label"], []).append(row["sentence"][:500])
    outside = "NO_NODES_DETECTED"
    asked = [
        (row["sentence"], None if row["label"] == outside else row["label"])
        for row in rows(folder / "test" / f"{bot}_test.csv", ",")
    ]
    return [Part(known, [(text, entry) for text, entry in asked if normalize(text)])]


def rows(path: Path, delimiter: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)
