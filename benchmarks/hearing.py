"""How much is heard right, by engine, voice and noise; what is answered wrongly; what it costs.

Clips go the way of `voice listen`: silence cut, recognized, matched with the shipped FAQ. "Orders"
are people's, heard with a language model of their own wordings; right is every slot. Run it as
`python -m benchmarks.hearing [--quick] [--data FOLDER]`; recordings come from FOLDER or
VOICE_TEST_DATA, without it only clean synthetic voices are measured.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.hearing_cost import measure_cost
from benchmarks.hearing_sets import Clip, order_phrases, orders, out_of_scope, spoken
from benchmarks.sounds import Sounds
from voice.audio.gate import SpeechGate
from voice.faq import Faq
from voice.faq.readers import read_faq
from voice.matching.matcher import Matcher
from voice.paths import shipped
from voice.phrases import load_phrases
from voice.settings import Settings
from voice.stt import open_recognizer, recognize
from voice.stt.protocol import Recognizer
from voice.types import AudioChunk, Transcript, Turn

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results" / "hearing.json"
VOSK_TINY: Final = ROOT / "tests" / "fixtures" / "vosk-tiny-en"
ENGINES: Final[dict[str, dict[str, Any]]] = {
    "pocketsphinx faq": {"stt": "pocketsphinx", "language_model": "faq", "stt_workers": 2},
    "pocketsphinx mix": {"stt": "pocketsphinx", "language_model": "mix", "stt_workers": 2},
    "vosk tiny": {"stt": "vosk", "vosk_model": VOSK_TINY},
}
# vosk-tiny-en knows these voices only, and people's not at all.
VOSK_VOICES: Final = ("slt", "rms", "kal16", "espeak-ng")
THREADS: Final = 2
DEADLINE_SECONDS: Final = 120.0
Row = dict[str, Any]


def main() -> None:
    """Measure, print the table, write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer clips, default engines only")
    parser.add_argument("--data", type=Path, default=os.environ.get("VOICE_TEST_DATA"))
    options = parser.parse_args()
    data = Path(options.data) if options.data else None
    sounds = Sounds()
    try:
        results = measure(sounds, data, quick=options.quick)
    finally:
        sounds.close()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def measure(sounds: Sounds, data: Path | None, *, quick: bool) -> dict[str, list[Row]]:
    """Return every row, printed as it comes."""
    faq = read_faq(shipped("data", "faq", "back-cracking.yaml"))
    gate = SpeechGate()
    with ThreadPoolExecutor(THREADS) as threads:
        clips = list(threads.map(lambda clip: _cut(gate, clip), _clips(faq, sounds, data, quick)))
        ordered = list(threads.map(lambda clip: _cut(gate, clip), _orders(sounds, data, quick)))
    heard: list[Row] = []
    for name, settings in ENGINES.items():
        if quick and name == "pocketsphinx mix":
            continue
        with _recognizer(settings, _phrases(faq)) as recognizer:
            heard += _show(_tally(name, recognizer, _fitting(name, clips), _Entry(faq)))
        if ordered and data and name.startswith("pocketsphinx"):
            with _recognizer(settings, order_phrases(data)) as recognizer:
                heard += _show(_tally(name, recognizer, ordered, _has_slots))
    spoken_clips = [clip.audio for clip in spoken(faq, sounds, None, reworded=False)]
    costs = measure_cost(spoken_clips[: 6 if quick else 12], _phrases(faq), VOSK_TINY)
    for row in costs:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    return {"heard": heard, "cost": costs}


def _clips(faq: Faq, sounds: Sounds, data: Path | None, quick: bool) -> Iterator[Clip]:
    yield from spoken(faq, sounds, data, reworded=False)
    if not quick:
        yield from spoken(faq, sounds, data, reworded=True)
    if data:
        yield from out_of_scope(sounds, data, step=6 if quick else 2)


def _orders(sounds: Sounds, data: Path | None, quick: bool) -> Iterator[Clip]:
    if data:
        yield from orders(sounds, data, step=6 if quick else 2)


def _phrases(faq: Faq) -> list[str]:
    return [*faq.phrases, *load_phrases(faq.locale).spoken_wordings()]


@contextmanager
def _recognizer(settings: dict[str, Any], phrases: Sequence[str]) -> Iterator[Recognizer]:
    with tempfile.TemporaryDirectory() as home:
        recognizer = open_recognizer(Settings(home=home, **settings), "en-US", lambda: phrases)
        try:
            yield recognizer
        finally:
            recognizer.close()


def _cut(gate: SpeechGate, clip: Clip) -> Clip:
    return Clip(clip.row, gate.cut(clip.audio) or AudioChunk(b""), clip.wanted)


def _fitting(engine: str, clips: list[Clip]) -> list[Clip]:
    known = (*VOSK_VOICES, "misc", "orders")
    return [clip for clip in clips if not engine.startswith("vosk") or clip.row[1] in known]


class _Entry:
    """Judge a transcript by the entry that the matcher answers with."""

    def __init__(self, faq: Faq) -> None:
        self._matcher = Matcher(faq)

    def __call__(self, heard: Transcript, wanted: frozenset[str]) -> str:
        texts = tuple(hypothesis.text for hypothesis in heard.hypotheses)
        turn = Turn(heard.text, hypotheses=texts, transcript=heard, spoken=True)
        match = self._matcher.match(turn)
        if match.status != "answer":
            return match.status
        return "right" if match.candidates[0].entry_id in wanted else "wrong"


def _has_slots(heard: Transcript, wanted: frozenset[str]) -> str:
    return "right" if all(f" {slot} " in f" {heard.text} " for slot in wanted) else "wrong"


def _tally(engine: str, recognizer: Recognizer, clips: list[Clip], judge: Any) -> list[Row]:
    """Return a row for each set, voice and condition, and one for each set."""

    def hear(clip: Clip) -> tuple[str, float]:
        started = time.perf_counter()
        heard = recognize(recognizer, clip.audio, deadline_seconds=DEADLINE_SECONDS)
        return judge(heard, clip.wanted), time.perf_counter() - started

    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(hear, clips))
    groups: dict[tuple[str, str, str], list[tuple[str, float, float]]] = defaultdict(list)
    for clip, (outcome, seconds) in zip(clips, found, strict=True):
        for row in (clip.row, (clip.row[0], "all", "all")):
            groups[row].append((outcome, seconds, clip.audio.seconds))
    return [_row(engine, row, outcomes) for row, outcomes in groups.items()]


def _row(engine: str, row: tuple[str, str, str], found: list[tuple[str, float, float]]) -> Row:
    outcomes = [outcome for outcome, _, _ in found]
    shares = {
        name: round(100 * outcomes.count(name) / len(found), 1)
        for name in ("right", "clarify", "unknown", "wrong")
    }
    cost = sum(seconds for _, seconds, _ in found) / max(sum(audio for _, _, audio in found), 1e-9)
    names = dict(zip(("set", "voice", "condition"), row, strict=True))
    return {"engine": engine, **names, "n": len(found), **shares, "seconds": round(cost, 4)}


def _show(rows: list[Row]) -> list[Row]:
    for row in rows:
        print(
            "{engine:17} {set:13} {voice:10} {condition:6} n={n:<4} right {right:5} "
            "clarify {clarify:5} unknown {unknown:5} wrong {wrong:5}  {seconds} s per s".format(
                **row
            ),
            flush=True,
        )
    return rows


if __name__ == "__main__":
    main()
