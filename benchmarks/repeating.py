"""Does the order of clips change a text, and does memory grow with every clip?

Run it as `python -m benchmarks.repeating [--engine vosk|pocketsphinx] [--clips N]`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil

from benchmarks.asking import MEMORY_SETTINGS, Running, post, serving
from benchmarks.carrying import ENGINES, spoken_questions

RESULTS: Final = Path(__file__).parent / "results" / "repeating.json"
ORDERS: Final = 4
DIFFERENT_CLIPS: Final = 10
CLIPS: Final = 200
WARM_UP: Final = 40  # clips until everything is loaded and every buffer has its size
SAMPLE_EVERY: Final = 5
SLOPE_LIMIT_MB: Final = 1.0  # in a hundred clips


def main() -> None:
    """Measure, print the table, write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, help="only this one")
    parser.add_argument("--clips", type=int, default=CLIPS)
    options = parser.parse_args()
    wavs = spoken_questions(DIFFERENT_CLIPS)
    rows = {}
    for engine in [options.engine] if options.engine else ENGINES:
        with serving({**MEMORY_SETTINGS[ENGINES[engine]], "VOICE_TTS": "off"}) as server:
            changed = changed_texts(server.port, wavs, ORDERS)
            slope = memory_slope(server, wavs, options.clips)
        rows[engine] = {"changed": changed, "slope_mb": round(slope, 2), "clips": options.clips}
        print(f"{engine}: {len(changed)} of {len(wavs)} clips gave another text in another order")
        print(*changed, sep="\n", end="\n" if changed else "")
        print(f"  memory {slope:+.2f} MB for a hundred clips (under {SLOPE_LIMIT_MB:g})")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def changed_texts(port: int, wavs: Sequence[bytes], orders: int) -> list[str]:
    """Hear the clips in several orders; return a line for each that was not heard alike."""
    heard: list[set[str]] = [set() for _ in wavs]
    places = list(range(len(wavs)))
    for order in range(orders):
        for place in places:
            heard[place].add(_hear(port, wavs[place]))
        random.Random(order).shuffle(places)
    return [f"  clip {n}: {sorted(texts)}" for n, texts in enumerate(heard) if len(texts) > 1]


def memory_slope(server: Running, wavs: Sequence[bytes], clips: int) -> float:
    """Hear so many clips; return by how many MB a hundred of them make all processes grow.

    The line, by least squares, through samples of what is theirs without files (libraries, models):
    their share of these changes with every other program that uses them.
    """
    for wav in islice(cycle(wavs), WARM_UP):
        _hear(server.port, wav)
    counts, megabytes = zip(*_memory(server, wavs, clips), strict=True)
    return float(np.polyfit(counts, megabytes, 1)[0] * 100)


def _memory(server: Running, wavs: Sequence[bytes], clips: int) -> Iterator[tuple[int, float]]:
    process = psutil.Process(server.pid)
    for number, wav in enumerate(islice(cycle(wavs), clips)):
        _hear(server.port, wav)
        if number % SAMPLE_EVERY == 0:
            processes = [process, *process.children(recursive=True)]
            with suppress(psutil.NoSuchProcess):  # a child was replaced just now
                yield number, sum(map(_own_mb, processes))


def _own_mb(process: psutil.Process) -> float:
    memory = process.memory_info()
    return (memory.rss - getattr(memory, "shared", 0)) / 1e6  # `shared` is told on Linux only


def _hear(port: int, wav: bytes) -> str:
    """Return the text and the hypotheses."""
    reply: dict[str, Any] = json.loads(post(port, "/listen", wav, "audio/wav"))
    transcript = reply["transcript"] or {"text": None, "hypotheses": None}
    return json.dumps([transcript["text"], transcript["hypotheses"]])


if __name__ == "__main__":
    main()
