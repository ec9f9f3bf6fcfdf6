"""How long the program takes to start: the help, one question, the server until it is ready."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

PROGRAM: Final = [sys.executable, "-m", "voice"]
QUESTION: Final = "Why does my back crack when I do a back bend?"
RESULTS: Final = Path(__file__).parent / "results" / "starting.json"
READY_SECONDS: Final = 60.0  # no start may take longer


class Spent(NamedTuple):
    """What a start takes: by the clock, and of the processors (less moved by a busy machine)."""

    seconds: float
    cpu_seconds: float


def main() -> None:
    """Print the table and write it as JSON."""
    with tempfile.TemporaryDirectory() as home:
        quiet = {"VOICE_LOG_LEVEL": "warning", "VOICE_DRAIN_SECONDS": "0"}
        environment = {**os.environ, **quiet, "VOICE_HOME": home}
        reference = repeat(lambda: run([sys.executable, "-c", "pass"], environment), 9)
        rows = {
            "python -c pass (reference)": reference,
            "voice --help": repeat(lambda: run([*PROGRAM, "--help"], environment), 9),
            "voice ask": repeat(lambda: run([*PROGRAM, "ask", QUESTION], environment), 5),
            "voice serve, first start": spent(lambda: serve(environment)),
            "voice serve, second start": repeat(lambda: serve(environment), 3),
        }
    print(f"{'':<28} {'ms':>8} {'CPU ms':>8} {'times the reference':>20}")
    for name, took in rows.items():
        ratio = took.seconds / reference.seconds
        print(f"{name:<28} {took.seconds * 1e3:8.0f} {took.cpu_seconds * 1e3:8.0f} {ratio:20.1f}")
    RESULTS.parent.mkdir(exist_ok=True)
    body = {name: took._asdict() for name, took in rows.items()}
    RESULTS.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")


def repeat(measure: Callable[[], float], times: int) -> Spent:
    """Return the medians of several measurements."""
    all_spent = [spent(measure) for _ in range(times)]
    return Spent(*(statistics.median(column) for column in zip(*all_spent, strict=True)))


def spent(measure: Callable[[], float]) -> Spent:
    """Return the seconds that were measured and what the children took of the processors."""
    before = os.times()
    seconds = measure()
    after = os.times()
    return Spent(seconds, sum(after[2:4]) - sum(before[2:4]))


def run(command: list[str], environment: dict[str, str]) -> float:
    """Return the seconds that a command takes."""
    started = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def serve(environment: dict[str, str]) -> float:
    """Return the seconds until the server says that it is ready, then end it."""
    started = time.perf_counter()
    server = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        address = next(word for word in server.stdout.readline().split() if "://" in word)
        while not is_ready(address):
            if time.perf_counter() - started > READY_SECONDS:
                sys.exit("the server does not get ready")
            time.sleep(0.01)
        return time.perf_counter() - started
    finally:
        server.terminate()
        server.wait()


def is_ready(address: str) -> bool:
    """Return whether /health/ready says so."""
    try:
        with urllib.request.urlopen(f"{address}/health/ready", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    main()
