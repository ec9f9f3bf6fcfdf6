"""A thousand hostile requests beside ten good questions a second: are these answered as ever?

Run it as `python -m benchmarks.hostile [--requests N]`; it ends with 1 when a good question got no
right answer or waited for more than two seconds. Attackers and askers have a process each.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.asking import MEMORY_SETTINGS, ROOT, post, serving
from benchmarks.text_asker import asking

RESULTS: Final = Path(__file__).parent / "results" / "hostile.json"
REQUESTS: Final = 1000
GOOD_A_SECOND: Final = 10.0
LIMIT_MS: Final = 2000.0


def main() -> int:
    """Attack, print the table, write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    with serving(MEMORY_SETTINGS["Vosk tiny"]) as server:
        seen = attack(server.port, parser.parse_args().requests)
        post(server.port, "/ask", b"Is it normal for your spine to crack?", "text/plain")
    report(seen)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(seen, indent=2) + "\n", encoding="utf-8")
    good = seen["good"]
    return int(good["wrong"] > 0 or good["max_ms"] > LIMIT_MS)


def attack(port: int, requests: int) -> dict[str, Any]:
    """Send so many hostile requests; return what became of each kind, and of the good ones."""
    command = [sys.executable, "-m", "benchmarks.hostile_requests", str(port), str(requests)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        child.stdout.readline()  # its files are made
        started = time.perf_counter()
        with asking(port, GOOD_A_SECOND) as asked:
            kinds = json.loads(child.communicate()[0])
        seconds = time.perf_counter() - started
    return {"seconds": round(seconds, 1), "kinds": kinds, "good": asked.summary()}


def report(seen: dict[str, Any]) -> None:
    """Print what became of each kind."""
    for kind, outcomes in seen["kinds"].items():
        print(f"{kind:<30}", ", ".join(f"{what} {count}" for what, count in outcomes.items()))
    print(f"in {seen['seconds']} s, beside", end=" ")
    print(
        "{asked} good questions: {wrong} not right, median {median_ms} ms,".format(**seen["good"])
    )
    print("slowest {max_ms} ms (at most 2000)".format(**seen["good"]))


if __name__ == "__main__":
    sys.exit(main())
