"""uvicorn's HTTP protocol with the limits on connections that it lacks.

A connection that has sent no whole header in 5 s, that sends too large a one, or that does not take
its answer is closed; none of them ever reaches a thread.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from voice.server.errors import error_body, new_request_id

HEAD_SECONDS: Final = 5.0
MAX_HEAD_BYTES: Final = 32 << 10
WRITE_SECONDS: Final = 30.0  # in so long a client must take ...
MIN_WRITTEN_BYTES: Final = 30 << 10  # ... this much of an answer, or all
MAX_CONNECTIONS: Final = 1000


class HeadTooLargeError(Exception):
    """The request line and headers are over the cap."""


class LimitedHttpProtocol(HttpToolsProtocol):
    """Serve one connection of HTTP/1.1, but not at any price."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_timer: asyncio.TimerHandle | None = None
        self._head_bytes = 0  # of a header that has not come whole
        self._write_timer: asyncio.TimerHandle | None = None
        self._unsent = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection, or drop it when there are too many."""
        super().connection_made(cast("asyncio.Transport", transport))  # uvloop's is none by name
        if len(self.connections) > MAX_CONNECTIONS:
            self.transport.abort()
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the timers."""
        for timer in (self._head_timer, self._write_timer):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came; a header that goes on and on is refused."""
        super().data_received(data)
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if is_answering or self.transport.is_closing():
            return
        self._await_head()
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(431, "header_too_large", "the header of the request is too large")

    def on_headers_complete(self) -> None:
        """Start the request, unless its header is too large."""
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        line_bytes = len(": \r\n")
        sizes = (len(name) + len(value) + line_bytes for name, value in self.headers)
        self._head_bytes = 0
        if len(self.url) + sum(sizes) > MAX_HEAD_BYTES:
            raise HeadTooLargeError  # the parser gives up and calls for send_400_response
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP, in the form of all our errors."""
        self._refuse(400, "bad_request", "this is not HTTP, or its header is too large")

    def on_response_complete(self) -> None:
        """Go on with the next request; see that this answer is taken."""
        super().on_response_complete()
        self._watch_unsent()

    def resume_writing(self) -> None:
        """Go on writing: the client takes its answer."""
        self._unsent = sys.maxsize
        super().resume_writing()

    def pause_writing(self) -> None:
        """Wait until the client takes some of its answer."""
        super().pause_writing()
        self._watch_unsent()

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _watch_unsent(self) -> None:
        unsent = self.transport.get_write_buffer_size()
        if unsent and self._write_timer is None:
            self._unsent = unsent
            self._write_timer = self.loop.call_later(WRITE_SECONDS, self._check_unsent)

    def _check_unsent(self) -> None:
        self._write_timer = None
        unsent = self.transport.get_write_buffer_size()
        if unsent and unsent > self._unsent - MIN_WRITTEN_BYTES:
            self.transport.abort()
        else:
            self._watch_unsent()

    def _refuse(self, status: int, code: str, message: str) -> None:
        body = json.dumps(error_body(code, message)).encode()
        head = (
            b"content-type: application/json\r\n"
            b"content-length: %d\r\n"
            b"x-request-id: %s\r\n"
            b"connection: close\r\n\r\n" % (len(body), new_request_id().encode("ascii"))
        )
        self.transport.write(STATUS_LINE[status] + head + body)
        self.transport.close()
        self._watch_unsent()
