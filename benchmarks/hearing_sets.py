"""What is asked in the hearing benchmark: clips, each with what must come of it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

from benchmarks.sounds import Sounds, add_noise, voices
from voice.faq import Faq
from voice.types import AudioChunk

REWORDED: Final = Path(__file__).with_name("hearing_reworded.yaml")
NOISE_DB: Final = 20.0
# Enough to see the difference between wordings, at half of the time.
_REWORDED_VOICES: Final = ("slt", "rms", "espeak-ng")
_OUT_OF_SCOPE: Final = {"misc": "spoken_misc/audio", "orders": "barista_dev/speech"}


@dataclass(frozen=True)
class Clip:
    """Something said, in which row of the table it counts, and what is right."""

    row: tuple[str, str, str]  # set, voice, condition
    audio: AudioChunk
    wanted: frozenset[str]  # the entry, or words that must be heard; none: out of scope


def spoken(faq: Faq, sounds: Sounds, data: Path | None, *, reworded: bool) -> Iterator[Clip]:
    """Yield the FAQ's questions, or other ways to ask them, in every voice, clean and noisy."""
    if reworded:
        asked = [(i, q) for i, qs in YAML(typ="safe").load(REWORDED).items() for q in qs]
    else:
        asked = [(entry.id, entry.question) for entry in faq.entries]
    noise = sounds.read(data / "barista_dev" / "kitchen.flac") if data else None
    name = "reworded" if reworded else "verbatim"
    for voice in (voice for voice in voices() if not reworded or voice in _REWORDED_VOICES):
        for entry_id, question in asked:
            speech = sounds.speak(voice, question)
            wanted = frozenset([entry_id])
            yield Clip((name, voice, "clean"), speech, wanted)
            if noise:
                noisy = add_noise(speech, noise, NOISE_DB, f"{voice} {question}")
                yield Clip((name, voice, f"{NOISE_DB:.0f} dB"), noisy, wanted)


def out_of_scope(sounds: Sounds, data: Path, step: int = 1) -> Iterator[Clip]:
    """Yield people and machines who say nothing that the FAQ is about; every `step`-th clip."""
    for name, folder in _OUT_OF_SCOPE.items():
        for path in sorted((data / folder).glob("*.flac"))[::step]:
            yield Clip(("out of scope", name, "clean"), sounds.read(path), frozenset())


def orders(sounds: Sounds, data: Path, step: int = 1) -> Iterator[Clip]:
    """Yield people's coffee orders, with the words that each slot must be heard with."""
    labels = json.loads((data / "barista_dev" / "label.json").read_text())
    for name, label in sorted(labels.items())[::step]:
        path = data / "barista_dev" / "speech" / f"{Path(name).stem}.flac"
        slots = frozenset(" ".join(value.split()) for value in label["slots"].values())
        yield Clip(("orders", "people", "clean"), sounds.read(path), slots)


def order_phrases(data: Path) -> list[str]:
    """Return the wordings that the orders were written from."""
    with (data / "barista_dev" / "phrases.tsv").open(encoding="utf-8") as file:
        return [row["text"] for row in csv.DictReader(file, delimiter="\t")]
