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
from typing import Final

PROGRAM: Final = [sys.executable, "-m", "voice"]
QUESTION: Final = "Why does my back crack when I do a back bend?"
RESULTS: Final = Path(__file__).parent / "results" / "starting.json"
READY_SECONDS: Final = 60.0  # no start may take longer


def main() -> None:
    """Print the table and write it as JSON."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "VOICE_HOME": home, "VOICE_DRAIN_SECONDS": "0"}
        rows = {
            "python -c pass (reference)": repeat(
                lambda: run([sys.executable, "-c", "pass"], environment), 9
            ),
            "voice --help": repeat(lambda: run([*PROGRAM, "--help"], environment), 9),
            "voice ask": repeat(lambda: run([*PROGRAM, "ask", QUESTION], environment), 5),
            "voice serve, first start": serve(environment),
            "voice serve, second start": repeat(lambda: serve(environment), 3),
        }
    for name, seconds in rows.items():
        print(f"{name:<28} {seconds * 1000:8.0f} ms")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"seconds": rows}, indent=2) + "\n", encoding="utf-8")


def repeat(measure: Callable[[], float], times: int) -> float:
    """Return the median of several measurements."""
    return statistics.median(measure() for _ in range(times))


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
