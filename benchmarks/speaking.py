"""What a spoken answer costs: from the cache, and new, beside pyttsx3 in a bare loop of its own.

Each text is new to all of them, and they take turns. The bare loops time pyttsx3 alone: no pipe,
no reading of the file. One runs at the speech child's low priority, one at the usual one.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psutil

from voice.tts.cache import SpeechCache
from voice.tts.cached import CachedSynthesizer
from voice.tts.protocol import VoiceOptions
from voice.tts.pyttsx3 import Pyttsx3Synthesizer

RESULTS: Final = Path(__file__).parent / "results" / "speaking.json"
ROUNDS: Final = 31
NICENESS: Final = 10  # of the speech child
MAX_CACHED_MS: Final = 2.0
MAX_ADDED_MS: Final = 20.0
ANSWER: Final = (
    "While injuries are not common, it is possible to hurt yourself by using too much force when "
    "cracking your back, or doing it too often. This can cause too much wear and tear on your "
    "joints, leading to strain, swelling, and even breakdown. It can also damage the soft tissue "
    "of the joints, so be gentle, and stop at once when {it} hurts."
)
BARE: Final = """
import os, sys, time
from voice.tts.espeak import load_packaged_espeak
if sys.argv[2] != "0":
    os.nice(int(sys.argv[2]))
load_packaged_espeak()
import pyttsx3
engine = pyttsx3.init()
engine.setProperty("voice", "gmw/en-us")
engine.setProperty("rate", 165)
answers, sys.stdout = sys.stdout, None
for line in sys.stdin:
    start = time.perf_counter()
    engine.save_to_file(line, sys.argv[1])
    engine.runAndWait()
    print((time.perf_counter() - start) * 1000, file=answers, flush=True)
"""


class BareLoop:
    """pyttsx3 in a process of its own, one text after the other."""

    def __init__(self, folder: str, niceness: int) -> None:
        root = str(Path(__file__).resolve().parents[1])
        self._process = subprocess.Popen(
            [sys.executable, "-c", BARE, f"{folder}/bare{niceness}.wav", str(niceness)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": root},
        )

    def speak(self, text: str) -> float:
        """Return the milliseconds that pyttsx3 took, as the loop measured them."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(text, file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def main() -> None:
    """Measure, print the table, write it as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        engine = Pyttsx3Synthesizer()
        start_ms = (time.perf_counter() - started) * 1000
        cache = SpeechCache(Path(folder) / "speech", 100 << 20)
        synthesizer = CachedSynthesizer(engine, cache, VoiceOptions())
        bare = [BareLoop(folder, NICENESS), BareLoop(folder, 0)]
        try:
            row = measure(synthesizer, bare) | {"start": start_ms, "child_pss_mb": child_pss_mb()}
        finally:
            synthesizer.close()
            for loop in bare:
                loop.close()
    report({name: round(value, 2) for name, value in row.items()})


def measure(synthesizer: CachedSynthesizer, bare: list[BareLoop]) -> dict[str, float]:
    """Return the medians in milliseconds; a first round, in which engines load, does not count."""
    ours: list[float] = []
    bares: list[list[float]] = [[] for _ in bare]
    for number in range(ROUNDS + 2):
        text = ANSWER.format(it=f"number {number}")
        ours.append(milliseconds(lambda text=text: synthesizer.speak(text)))
        for times, loop in zip(bares, bare, strict=True):
            times.append(loop.speak(text))
    kept = ANSWER.format(it="it")
    synthesizer.speak(kept, keep=True)
    cached = [milliseconds(lambda: synthesizer.speak(kept, keep=True)) for _ in range(201)]
    return {
        "cached": statistics.median(cached),
        "new": statistics.median(ours[2:]),
        "bare_same_priority": statistics.median(bares[0][2:]),
        "bare_usual_priority": statistics.median(bares[1][2:]),
    }


def milliseconds(call: Callable[[], object]) -> float:
    """Return how long the call takes."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def child_pss_mb() -> float:
    """Return the memory of the speech child, shared pages counted in part, where it is known."""
    child = next(c for c in psutil.Process().children() if "voice.worker.child" in c.cmdline())
    memory = child.memory_full_info()
    return float(getattr(memory, "pss", memory.uss)) / 1e6


def report(row: dict[str, float]) -> None:
    """Print the table, and write it as JSON."""
    added = row["new"] - row["bare_same_priority"]
    ratio = row["new"] / row["bare_same_priority"]
    print(f"cached answer                    {row['cached']:8.2f} ms   (at most {MAX_CACHED_MS})")
    print(f"new answer of 60 words           {row['new']:8.2f} ms")
    print(f"bare pyttsx3, same priority      {row['bare_same_priority']:8.2f} ms")
    print(f"bare pyttsx3, usual priority     {row['bare_usual_priority']:8.2f} ms")
    print(
        f"added to bare pyttsx3            {added:8.2f} ms   (at most {MAX_ADDED_MS}), {ratio:.2f}x"
    )
    print(f"speech child: start {row['start']:.0f} ms, {row['child_pss_mb']:.1f} MB")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({**row, "added": round(added, 2)}, indent=2) + "\n")


if __name__ == "__main__":
    main()
