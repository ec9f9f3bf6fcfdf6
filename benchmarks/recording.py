"""Get requests ready to be sent: each is what a platform's simulated caller really sends."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from typing import Final

from wyoming.asr import Transcript
from wyoming.event import write_event

from voice.settings import Settings
from voice.simulate import open_caller

# These keep what was said: a caller of their kind asks only once.
CHATS: Final = ("openai",)


def record(
    platform: str, port: int, settings: Settings, questions: Iterator[str], count: int
) -> tuple[list[bytes], bytes]:
    """Return signed requests that ask one question each, and what the server at `port` gave back.

    For platforms that call by HTTP; of those questions the server hears none.
    """
    with _recorder(port) as recorder:
        url = f"http://127.0.0.1:{recorder.server_address[1]}"
        caller = open_caller(platform, url, settings)
        caller.start()
        caller.say(next(questions))
        # From here on nobody answers: the server must not know the questions before they count.
        recorder.is_open = False
        recorder.requests.clear()
        for question in islice(questions, count):
            if platform in CHATS:
                caller.close()
                caller = open_caller(platform, url, settings)
            caller.say(question)
        return recorder.requests, recorder.reply


def for_bare_route(request: bytes) -> bytes:
    """Return the request, as large and with the same headers, as the bare route takes it."""
    if not request.startswith(b"POST "):  # an event of Home Assistant's
        return b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s" % (
            len(request),
            request,
        )
    return b"POST /ask HTTP/1.1\r\n" + request.partition(b"\r\n")[2]


def wyoming_event(question: str) -> bytes:
    """Return the event with which Home Assistant asks a question."""
    stream = io.BytesIO()
    context = {"conversation_id": "benchmark"}
    write_event(Transcript(question, context=context, language="en").event(), stream)
    return stream.getvalue()


class _Recorder(ThreadingHTTPServer):
    """Pass requests on while it is open; then give the last answer again to each."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.port = port
        self.is_open = True
        self.content_type = ""
        self.requests: list[bytes] = []
        self.reply = b""


class _Request(BaseHTTPRequestHandler):
    server: _Recorder

    def do_POST(self) -> None:
        """Keep the request."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.is_open:
            self._pass_on(body)
        lines = [self.requestline, *(f"{name}: {value}" for name, value in self.headers.items())]
        head = "".join(f"{line}\r\n" for line in lines)
        self.server.requests.append(head.encode("latin-1") + b"\r\n" + body)
        self.send_response_only(200)
        self.send_header("Content-Type", self.server.content_type)
        self.end_headers()
        self.wfile.write(self.server.reply)

    def _pass_on(self, body: bytes) -> None:
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.request("POST", self.path, body, dict(self.headers))
        answer = connection.getresponse()
        self.server.content_type = answer.headers["Content-Type"]
        self.server.reply = answer.read()
        connection.close()
        assert answer.status == 200, self.server.reply


@contextmanager
def _recorder(port: int) -> Iterator[_Recorder]:
    with _Recorder(port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
