"""Ask the FAQ's questions at a steady rate, from a process whose lock no other client holds.

Run as `python -m benchmarks.text_asker PORT A_SECOND`: it asks until its standard input ends and
then prints what it saw as JSON.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.asking import ROOT, ask_request

LAST_SECONDS: Final = 30.0  # after the end, until an answer counts as not given


@dataclass
class Asked:
    """What was seen: the milliseconds of each right answer, and what else came, as text."""

    milliseconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Return how many were asked, how many answers were not right, and the times."""
        times = sorted(self.milliseconds) or [math.nan]
        return {
            "asked": len(self.milliseconds) + len(self.wrong),
            "wrong": len(self.wrong),
            "examples": [answer[-200:] for answer in self.wrong[:3]],
            "median_ms": round(statistics.median(times), 1),
            "p99_ms": round(times[math.ceil(0.99 * len(times)) - 1], 1),
            "max_ms": round(times[-1], 1),
        }


@contextmanager
def asking(port: int, a_second: float) -> Iterator[Asked]:
    """Ask while the block runs; what was seen is there after it."""
    command = [sys.executable, "-m", "benchmarks.text_asker", str(port), str(a_second)]
    pipe = subprocess.PIPE
    asked = Asked()
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdout is not None
        child.stdout.readline()  # it is ready
        yield asked
        seen = json.loads(child.communicate()[0])
    asked.milliseconds, asked.wrong = seen["milliseconds"], seen["wrong"]


def main() -> None:
    """Ask until standard input ends, and print what was seen."""
    port, a_second = int(sys.argv[1]), float(sys.argv[2])
    questions = list(_questions())
    print("ready", flush=True)
    print(json.dumps(asyncio.run(_ask_all(port, a_second, questions))))


def _questions() -> Iterator[tuple[bytes, str]]:
    """Yield requests and the entries that answer them: a FAQ's own wording is always answered."""
    from voice.faq.locate import faq_path
    from voice.faq.readers import read_faq
    from voice.settings import load_settings

    for entry in read_faq(faq_path(load_settings())).entries:
        request = ask_request(entry.question).replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        yield request, entry.id


async def _ask_all(port: int, a_second: float, questions: list[tuple[bytes, str]]) -> object:
    ended = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    asked = []
    started = time.perf_counter()
    for number, (request, entry_id) in enumerate(itertools.cycle(questions)):
        await asyncio.sleep(started + number / a_second - time.perf_counter())
        if ended.done():
            break
        asked.append(asyncio.create_task(_ask(port, request, entry_id)))
    seen = [await task for task in asked]
    return {
        "milliseconds": [one for one in seen if isinstance(one, float)],
        "wrong": [one for one in seen if isinstance(one, str)],
    }


async def _ask(port: int, request: bytes, entry_id: str) -> float | str:
    """Return the milliseconds until the right answer, or what came instead."""
    started = time.perf_counter()
    try:
        answer = await asyncio.wait_for(_exchange(port, request), LAST_SECONDS)
    except (OSError, asyncio.TimeoutError) as error:
        return f"{type(error).__name__} {error}"
    milliseconds = (time.perf_counter() - started) * 1000
    head, _, body = answer.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 200 "):
        given = json.loads(body)["answer"]
        if given and given["entry_id"] == entry_id:
            return milliseconds
    return answer.decode(errors="replace")


async def _exchange(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        return await reader.read()
    finally:
        writer.close()


if __name__ == "__main__":
    main()
