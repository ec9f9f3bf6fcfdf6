"""What `/ask` costs over a bare Flask route behind the same server, and what serving weighs.

The bare route gives back the bytes of one real reply without looking at the question. Both servers
run at the same time and are asked in turns, every question once only.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results" / "asking.json"
VOSK_TINY: Final = ROOT / "tests" / "fixtures" / "vosk-tiny-en"
LATENCY_PAIRS: Final = 1500
WARM_UP: Final = 200  # questions before anything is measured
CLIENTS: Final = 8
ROUNDS: Final = 6
ROUND_SECONDS: Final = 2.0
TEXT_ONLY: Final = {"VOICE_STT": "off", "VOICE_TTS": "off"}
MEMORY_LIMITS_MB: Final = {"text only": 130, "one PocketSphinx worker": 300, "Vosk tiny": 220}
MEMORY_SETTINGS: Final = {
    "text only": TEXT_ONLY,
    "one PocketSphinx worker": {"VOICE_STT": "pocketsphinx", "VOICE_STT_WORKERS": "1"},
    "Vosk tiny": {"VOICE_STT": "vosk", "VOICE_VOSK_MODEL": str(VOSK_TINY)},
}
REQUESTS_A_ROUND: Final = 8000  # more than any server here answers in a round
OPENERS: Final = (
    "", "please tell me ", "doctor, ", "hello, ", "so ", "I wonder, ", "quick question: ", "hi, ",
    "my mother asks ", "good morning, ", "excuse me, ", "um ", "okay ", "sorry, ", "well, ",
)  # fmt: skip
CLOSERS: Final = (
    "", " please", " thanks", " today", " again", " at my age", " in the morning", " or not",
    " when I sit", " at work", " after sleeping", " every day", " since last week", " lately",
)  # fmt: skip


def main() -> None:
    """Measure, print the tables, write them as JSON."""
    questions = distinct_questions()
    with serving(TEXT_ONLY) as ours:
        reply = post(ours.port, "/ask", next(questions).encode(), "text/plain")
        with bare_server(reply) as bare:
            latency = measure_latency(ours.port, bare.port, questions)
            throughput = measure_throughput(ours.port, bare.port, questions)
    memory = {name: measure_memory(extra) for name, extra in MEMORY_SETTINGS.items()}
    print("median of /ask {ours_ms:.2f} ms, of bare {bare_ms:.2f} ms".format(**latency))
    print("difference {difference_ms:.2f} ms (at most 1.2)".format(**latency))
    print("8 clients: /ask {ours:.0f} a second, bare {bare:.0f} a second".format(**throughput))
    print("ratio {ratio:.2f} (at least 0.4)".format(**throughput))
    for name, megabytes in memory.items():
        print(f"memory, {name}: {megabytes:.0f} MB (under {MEMORY_LIMITS_MB[name]})")
    RESULTS.parent.mkdir(exist_ok=True)
    results = {"latency": latency, "requests_per_second": throughput, "memory_mb": memory}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Running:
    """A server process that has said its address."""

    pid: int
    port: int


@contextmanager
def running(command: list[str], settings: dict[str, str], given: bytes = b"") -> Iterator[Running]:
    """Run a server and end it."""
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as errors:
        own = {"VOICE_HOME": home, "VOICE_PORT": "0", "VOICE_DRAIN_SECONDS": "0"}
        (Path(home) / "reply").write_bytes(given)
        process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, **own, "PYTHONPATH": str(ROOT), **settings},
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split("http://")[1].split()[0]
            yield Running(process.pid, int(address.rpartition(":")[2]))
        finally:
            process.terminate()
            process.wait()


def serving(settings: dict[str, str]) -> AbstractContextManager[Running]:
    """Run our server."""
    return running(["-m", "voice", "serve"], settings)


def bare_server(reply: bytes) -> AbstractContextManager[Running]:
    """Run the bare route behind the same front, in the same way."""
    return running([str(ROOT / "benchmarks" / "bare_server.py")], {}, reply)


def distinct_questions() -> Iterator[str]:
    """Give questions without end and without repeats, made of the FAQ's wordings."""
    from voice.faq.locate import faq_path
    from voice.faq.readers import read_faq
    from voice.settings import load_settings

    phrases = read_faq(faq_path(load_settings())).phrases
    wordings = list(itertools.product(OPENERS, phrases, CLOSERS))
    random.Random(0).shuffle(wordings)
    for number in itertools.count():
        ending = f" {number}" if number else ""
        for opener, phrase, closer in wordings:
            yield f"{opener}{phrase.rstrip('?')}{closer}{ending}?"


def ask_request(question: str) -> bytes:
    """Return the bytes of a request."""
    body = json.dumps({"question": question}).encode()
    return (
        b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    )


def post(port: int, path: str, body: bytes, content_type: str) -> bytes:
    """Return the body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request("POST", path, body, {"Content-Type": content_type})
        response = connection.getresponse()
        answer = response.read()
    assert response.status == 200, answer
    return answer


class Asker:
    """The cheapest client there is, so that it is the server that is measured."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> None:
        """Send a request and take the answer whole."""
        self._socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._socket.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self._socket.recv(65536)


def measure_latency(ours: int, bare: int, questions: Iterator[str]) -> dict[str, float]:
    """Ask both in turns, one request at a time."""
    askers = {"ours_ms": Asker(ours), "bare_ms": Asker(bare)}
    times: dict[str, list[float]] = {name: [] for name in askers}
    for turn in range(LATENCY_PAIRS + WARM_UP):
        request = ask_request(next(questions))
        for name, asker in askers.items():
            started = time.perf_counter()
            asker.ask(request)
            if turn >= WARM_UP:
                times[name].append((time.perf_counter() - started) * 1000)
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {**medians, "difference_ms": medians["ours_ms"] - medians["bare_ms"]}


def measure_throughput(ours: int, bare: int, questions: Iterator[str]) -> dict[str, float]:
    """Ask both in turns, a round of eight clients at a time."""
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        for name, port in (("ours", ours), ("bare", bare)):
            # Made before the clock starts: they would cost the clients what they measure.
            requests = [
                ask_request(question) for question in itertools.islice(questions, REQUESTS_A_ROUND)
            ]
            rates[name].append(requests_per_second(port, requests))
    ratios = [mine / theirs for mine, theirs in zip(rates["ours"], rates["bare"], strict=True)]
    medians = {name: statistics.median(values) for name, values in rates.items()}
    return {**medians, "ratio": statistics.median(ratios)}


def requests_per_second(port: int, requests: list[bytes]) -> float:
    """Return how many requests eight clients get answered in a second."""
    counts = [0] * CLIENTS
    end = time.perf_counter() + ROUND_SECONDS

    def run(client: int) -> None:
        asker = Asker(port)
        for request in requests[client::CLIENTS]:
            if time.perf_counter() >= end:
                return
            asker.ask(request)
            counts[client] += 1
        sys.exit("too few requests were made for this machine")

    threads = [threading.Thread(target=run, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / ROUND_SECONDS


def measure_memory(settings: dict[str, str]) -> float:
    """Return the PSS of a server and its children in MB, after each has worked."""
    with serving(settings) as server:
        for question in itertools.islice(distinct_questions(), 300):
            post(server.port, "/ask", question.encode(), "text/plain")
        if "off" not in settings.values():
            listen_once(server.port)
        time.sleep(1)
        process = psutil.Process(server.pid)
        return sum(map(pss_mb, [process, *process.children(recursive=True)]))


def listen_once(port: int) -> None:
    """Let the server say a question and hear it."""
    text = json.dumps({"text": "Is it normal for your spine to crack?"}).encode()
    post(port, "/listen", post(port, "/speak", text, "application/json"), "audio/wav")


def pss_mb(process: psutil.Process) -> float:
    """Return a process's share of memory: its own, and its part of what is shared."""
    lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
