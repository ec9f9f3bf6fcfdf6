"""What a voice platform's call costs over a bare Flask route, and that no callers are mixed up.

A call is verified, parsed, answered and rendered; every question is another one. The requests are
made and signed ahead, so that only the server is timed. The bare route gives back the bytes of one
real reply, behind the same front at the same time. Home Assistant's events come over a connection
that stays open, as the other requests do.

Run as `python -m benchmarks.platforms [PLATFORM ...]`.
"""

from __future__ import annotations

import itertools
import json
import math
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from benchmarks.asking import ROOT, Asker, Running, bare_server, distinct_questions, running
from benchmarks.interleaving import interleave, process_settings
from benchmarks.recording import for_bare_route, record, wyoming_event
from voice.settings import Settings, load_settings
from voice.simulate import SIMULATORS

RESULTS: Final = ROOT / "benchmarks" / "results" / "platforms.json"
LIMIT_MS: Final = 2.5  # of the median over the bare route's
LIMIT_TAIL: Final = 5.0  # of the 99th percentile at half load, in medians
WARM_UP: Final = 100  # calls before anything is measured
PAIRS: Final = 500
PACED: Final = 1200  # calls at half load
CLIENTS: Final = 4
CONVERSATIONS: Final = 1000
PROCESSES: Final = 2


class Client(Protocol):
    """A connection that is kept open."""

    def ask(self, request: bytes) -> object:
        """Send a request and take the answer whole."""


Connect = Callable[[], Client]


def main() -> None:
    """Measure, print the table, write it as JSON."""
    platforms = sys.argv[1:] or list(SIMULATORS)
    rows: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        processes = [process_settings(Path(folder)) for _ in range(PROCESSES)]
        shipped = {name: value for name, value in processes[0].items() if name != "faq"}
        with serving(shipped) as ours:
            for platform in platforms:
                rows[platform] = measure(platform, ours.port, load_settings(shipped))
        report(rows)
        mixed = mix(platforms, processes)
    RESULTS.parent.mkdir(exist_ok=True)
    results = {"calls": rows, "conversations": CONVERSATIONS, "wrong_answers": mixed}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def serving(settings: Mapping[str, str]) -> AbstractContextManager[Running]:
    """Run our server, which trusts the simulated callers."""
    named = {f"VOICE_{name.upper()}": value for name, value in settings.items()}
    return running(["-m", "voice", "serve", "--testing"], named)


def measure(platform: str, port: int, settings: Settings) -> dict[str, float]:
    """Return a platform's row, all in milliseconds but for the rate and the tail."""
    questions, count = distinct_questions(), WARM_UP + PAIRS + PACED
    if platform == "wyoming":
        port = int((settings.wyoming_uri or "").rpartition(":")[2])
        requests = [wyoming_event(question) for question in itertools.islice(questions, count)]
        reply = EventAsker(port).ask(wyoming_event(next(questions)))
        connect: Connect = partial(EventAsker, port)
    else:
        requests, reply = record(platform, port, settings, questions, count)
        connect = partial(Asker, port)
    bare_requests = [for_bare_route(request) for request in requests]
    first, paced = slice(0, WARM_UP + PAIRS), slice(WARM_UP + PAIRS, None)
    with bare_server(reply) as bare:
        row = latency(connect(), Asker(bare.port), requests[first], bare_requests[first])
        rate = capacity(connect, requests[first]) / 2
        at_half = at_rate(connect, requests[paced], rate)
        bare_at_half = at_rate(lambda: Asker(bare.port), bare_requests[paced], rate)
    return {
        **row,
        "half_load_a_second": rate,
        "half_load_median": statistics.median(at_half),
        "half_load_p99": p99(at_half),
        "tail": p99(at_half) / statistics.median(at_half),
        "bare_tail": p99(bare_at_half) / statistics.median(bare_at_half),
    }


def latency(
    ours: Client, bare: Client, requests: Sequence[bytes], bare_requests: Sequence[bytes]
) -> dict[str, float]:
    """Call both in turns, one request at a time."""
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for request, bare_request in zip(requests, bare_requests, strict=True):
        for name, client, data in (("ours", ours, request), ("bare", bare, bare_request)):
            started = time.perf_counter()
            client.ask(data)
            times[name].append((time.perf_counter() - started) * 1000)
    ours_ms, bare_ms = (statistics.median(values[WARM_UP:]) for values in times.values())
    return {"ours": ours_ms, "bare": bare_ms, "difference": ours_ms - bare_ms}


def capacity(connect: Connect, requests: Sequence[bytes]) -> float:
    """Return how many calls a second are answered when a few clients always call."""
    started = time.perf_counter()
    _share(connect, requests, lambda client, number, request: client.ask(request))
    return len(requests) / (time.perf_counter() - started)


def at_rate(connect: Connect, requests: Sequence[bytes], a_second: float) -> list[float]:
    """Return the milliseconds of each answer, from when its call was due."""
    times = [0.0] * len(requests)
    started = time.perf_counter()

    def call(client: Client, number: int, request: bytes) -> None:
        due = started + number / a_second
        time.sleep(max(due - time.perf_counter(), 0.0))
        client.ask(request)
        times[number] = (time.perf_counter() - due) * 1000

    _share(connect, requests, call)
    return times


def p99(times: Sequence[float]) -> float:
    """Return what 99 % of the times are under."""
    return sorted(times)[math.ceil(0.99 * len(times)) - 1]


def _share(
    connect: Connect, requests: Sequence[bytes], call: Callable[[Client, int, bytes], None]
) -> None:
    """Let each client make every CLIENTS-th call."""

    def run(place: int) -> None:
        client = connect()
        for number in range(place, len(requests), CLIENTS):
            call(client, number, requests[number])

    threads = [threading.Thread(target=run, args=(place,)) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class EventAsker:
    """A client of the Wyoming protocol that is as cheap as the others."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = self._socket.makefile("rb")

    def ask(self, request: bytes) -> bytes:
        """Send an event and return the answer's data."""
        self._socket.sendall(request)
        header = json.loads(self._stream.readline())
        assert header["type"] in ("handled", "not-handled"), header
        return self._stream.read(header["data_length"])


def mix(platforms: Sequence[str], settings: Sequence[Mapping[str, str]]) -> dict[str, int]:
    """Return how many answers of interleaved conversations were wrong."""
    wrong = {}
    with ExitStack() as stack:
        ports = [stack.enter_context(serving(one)).port for one in settings]
        for platform in platforms:
            faults = interleave(platform, ports, settings, CONVERSATIONS)
            wrong[platform] = len(faults)
            print(f"{platform}: {CONVERSATIONS} conversations, {len(faults)} wrong answers")
            print(*faults[:3], sep="\n", end="")
    return wrong


def report(rows: Mapping[str, Mapping[str, float]]) -> None:
    """Print the table."""
    print(f"{'':<14}   median     bare  over it | at half load    p99  / median  (bare)")
    for platform, row in rows.items():
        print(
            f"{platform:<14}"
            "{ours:9.2f}{bare:9.2f}{difference:9.2f} | {half_load_a_second:5.0f}/s"
            "{half_load_p99:13.2f}{tail:10.1f}{bare_tail:8.1f}".format(**row)
        )
    print(f"milliseconds; at most {LIMIT_MS} over the bare route, and {LIMIT_TAIL:.0f} medians")


if __name__ == "__main__":
    main()
