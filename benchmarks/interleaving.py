"""Many conversations at once over several server processes, none of which knows a caller.

A balancer sends each turn to the next process; only Home Assistant's conversations stay with one,
for its protocol carries no state. Each conversation asks for something else, so that an answer
that belongs to another one shows.
"""

from __future__ import annotations

import itertools
import json
import random
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from voice.settings import load_settings
from voice.simulate import SIMULATORS, open_caller, trusting_settings
from voice.simulate.protocol import Caller

SECRET_KEY: Final = "a-key-that-all-of-the-processes-have"
AT_ONCE: Final = 200  # conversations; a process keeps 256 of Home Assistant's
VERBS: Final = ("clean", "store")
CALLERS: Final = 8  # turns at the same time
THINGS: Final = (
    *("kettle", "lantern", "bicycle", "piano", "umbrella", "telescope", "carpet", "violin"),
    *("hammock", "tractor", "mirror", "blanket", "compass", "accordion", "fountain", "wardrobe"),
)


class Talk:
    """One conversation: about a thing, one of the two questions about it, then about another."""

    def __init__(self, number: int, caller: Caller) -> None:
        self._caller = caller
        self._thing = THINGS[number % len(THINGS)]
        self._other = THINGS[(number * 7 + 3) % len(THINGS)]
        self._place = number // len(THINGS) % 2
        self._wants_more = number % 5 % 2 == 1
        self._verb = VERBS[0]
        self.turns = (self._ask, self._choose, self._go_on, self._ask_about_another)
        self.faults: list[str] = []

    def start(self) -> None:
        """Let the caller be greeted."""
        self._caller.start()

    def close(self) -> None:
        """Hang up."""
        self._caller.close()

    def _ask(self) -> None:
        questions = [_question(verb, self._thing) for verb in VERBS]
        heard = self._say(self._thing, lambda speech: all(one in speech for one in questions))
        first = VERBS[heard.find(questions[0]) > heard.find(questions[1])]
        self._verb = (first, VERBS[first == VERBS[0]])[self._place]

    def _choose(self) -> None:
        self._expect(("the first one", "the second one")[self._place], _answer)

    def _go_on(self) -> None:
        if self._wants_more:
            self._expect("tell me more", _more)
        else:
            self._expect("repeat that", _answer)

    def _ask_about_another(self) -> None:
        self._thing = self._other
        self._expect(_question(self._verb, self._thing), _answer)

    def _expect(self, text: str, wording: Callable[[str, str], str]) -> None:
        self._say(text, lambda speech: speech.startswith(wording(self._verb, self._thing)))

    def _say(self, text: str, is_right: Callable[[str], bool]) -> str:
        heard = self._caller.say(text).speech
        if not is_right(heard):
            self.faults.append(f"{text!r} was answered with {heard!r}")
        return heard


def write_faq(path: Path) -> None:
    """Write a FAQ with two questions about each thing."""
    entries = [
        {"id": f"{verb}-{thing}", "question": _question(verb, thing)}
        | {"answer": _answer(verb, thing), "more": _more(verb, thing)}
        for thing in THINGS
        for verb in VERBS
    ]
    faq = {"version": 1, "title": "A house full of things", "locale": "en-US", "entries": entries}
    path.write_text(json.dumps(faq), encoding="utf-8")  # JSON is YAML


def process_settings(folder: Path) -> dict[str, str]:
    """Return settings of one of the processes: they trust every simulated caller.

    Processes with the same folder share their keys and the FAQ.
    """
    faq = folder / "things.yaml"
    write_faq(faq)
    trusting = [trusting_settings(platform, folder) for platform in SIMULATORS]
    given = {name: str(value) for one in trusting for name, value in one.items()}
    return {**given, "faq": str(faq), "secret_keys": SECRET_KEY, "stt": "off", "tts": "off"}


def interleave(
    platform: str, ports: Sequence[int], settings: Sequence[Mapping[str, str]], count: int
) -> list[str]:
    """Hold `count` conversations over the processes at these ports; return what went wrong.

    `settings` are those of each process, as `process_settings` gives them.
    """
    faults: list[str] = []
    with balancer(ports) as url:
        opened = [load_settings(one) for one in settings]
        for start in range(0, count, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, count))
            faults += _hold(
                [Talk(n, open_caller(platform, url, opened[n % len(opened)])) for n in numbers]
            )
    return faults


def _hold(talks: list[Talk]) -> list[str]:
    """Let every conversation have a turn before any has the next, in another order each time."""
    chance = random.Random(0)
    with ThreadPoolExecutor(CALLERS) as threads:
        _all(threads, [talk.start for talk in talks])
        for turn in range(len(talks[0].turns)):
            chance.shuffle(talks)
            _all(threads, [talk.turns[turn] for talk in talks])
        _all(threads, [talk.close for talk in talks])
    return [fault for talk in talks for fault in talk.faults]


def _all(threads: ThreadPoolExecutor, calls: Iterable[Callable[[], None]]) -> None:
    for done in [threads.submit(call) for call in calls]:
        done.result()


def _question(verb: str, thing: str) -> str:
    return f"How do I {verb} the {thing}?"


def _answer(verb: str, thing: str) -> str:
    return f"To {verb} a {thing}, ask number {THINGS.index(thing)}."


def _more(verb: str, thing: str) -> str:
    return f"Who cannot {verb} a {thing} should sell it."


class _Balancer(ThreadingHTTPServer):
    """Send each request to the next process."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, ports: Sequence[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Forwarded)
        self.ports = itertools.cycle(ports)


class _Forwarded(BaseHTTPRequestHandler):
    """One request; its connection is closed after it, so that the next goes elsewhere."""

    server: _Balancer

    def do_POST(self) -> None:
        """Pass the request on, and the answer back."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        connection = HTTPConnection("127.0.0.1", next(self.server.ports), timeout=30)
        connection.request("POST", self.path, body, dict(self.headers))
        answer = connection.getresponse()
        self.send_response_only(answer.status)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.end_headers()
        self.wfile.write(answer.read())
        connection.close()


@contextmanager
def balancer(ports: Sequence[int]) -> Iterator[str]:
    """Run a balancer and yield its address."""
    with _Balancer(ports) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
