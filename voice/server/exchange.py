"""One request and its response, as the front sees them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Final

from voice.errors import ClientGoneError, VoiceError
from voice.server.asgi import Message, Receive, Scope, Send, header
from voice.server.errors import error_body, error_headers, new_request_id

LINGER_SECONDS: Final = 2.0  # how long a refused client may go on sending before it is cut off
CLIENT_GONE: Final = ClientGoneError.http_status  # in the log, when nobody was left to answer

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class Exchange:
    """Name a request, send its one response, and remember how it went.

    `headers` go with the response, whoever makes it.
    """

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str]
    ) -> None:
        asked = header(scope, b"x-request-id") or ""
        self.request_id = asked if _REQUEST_ID.fullmatch(asked) else new_request_id()
        self.status = CLIENT_GONE
        own = {"X-Request-ID": self.request_id, "X-Content-Type-Options": "nosniff", **headers}
        self._headers = _encoded(own)
        self._receive = receive
        self._send = send
        self._ended = False
        self._refused = False

    async def receive(self) -> Message:
        """Return the next part of the request; notes when its body has come whole."""
        message = await self._receive()
        self._ended = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Send a part of the response; what comes after a refusal is dropped."""
        if self._refused:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], *self._headers]
        await self._send(message)

    async def refuse(self, error: VoiceError) -> None:
        """Answer with an error, unless an answer was begun."""
        body = json.dumps(error_body(error.code, error.message)).encode()
        headers = error_headers(error.http_status)
        await self.answer(error.http_status, "application/json", body, headers)

    async def answer(
        self, status: int, content_type: str, body: bytes, more: Mapping[str, str]
    ) -> None:
        """Answer in the app's place, unless an answer was begun."""
        if self.status != CLIENT_GONE:
            return
        headers = {
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            "Connection": "close",
            **more,
        }
        start = {
            "type": "http.response.start",
            "status": status,
            "headers": [*_encoded(headers), *self._headers],
        }
        self._refused, self.status = True, status  # what the app sends now is late
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body, "more_body": True})
        await self._linger()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _linger(self) -> None:
        """Take what the client still sends: cut off at once, it would lose our answer."""
        try:
            await asyncio.wait_for(self._drain(), LINGER_SECONDS)
        except asyncio.TimeoutError:
            return

    async def _drain(self) -> None:
        while not self._ended:
            await self.receive()


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
