"""The ASGI front: it reads a request whole, under caps and deadlines, before it takes a thread."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

from a2wsgi import WSGIMiddleware

from voice.caller import Caller, as_caller
from voice.errors import BusyError, ClientGoneError, DeadlineError, VoiceError
from voice.platforms.protocol import HookResponse
from voice.platforms.twilio import speech_links
from voice.server.asgi import AsgiApp, Receive, Scope, Send, header
from voice.server.body import IN_FLIGHT_BYTES, SMALL_BYTES, Body, BodyReader, too_large
from voice.server.browser_key import PAIRING_PATH
from voice.server.errors import internal_message
from voice.server.exchange import Exchange
from voice.server.guard import Guard, RequestHead
from voice.server.lanes import Lane, LaneOptions
from voice.settings import Settings

UPLOAD_PATHS: Final = ("/listen", "/v1/audio/transcriptions")
AUDIO_PATHS: Final = ("/listen", "/speak", "/v1/audio/", speech_links.PATH)
SECRET_PATHS: Final = (PAIRING_PATH, speech_links.PATH)  # what follows lets in, or was said
MULTIPART_BYTES: Final = 64 << 10  # what a form may add to the audio it carries
# 16 threads. Audio holds its for seconds, mostly waiting for children; text must never wait for it,
# so each has its own. Text only computes: more threads would only fight over Python's lock.
TEXT: Final = LaneOptions(threads=4, waiting=64, wait_seconds=2.0, answer_seconds=3.0)
AUDIO: Final = LaneOptions(threads=12, waiting=16, wait_seconds=10.0, answer_seconds=75.0)

Apology = Callable[[str], HookResponse | None]
WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]
_LOG = logging.getLogger(__name__)


def create_front(app: WsgiApp, settings: Settings, apology: Apology = lambda path: None) -> AsgiApp:
    """Return the ASGI application that stands before a WSGI app.

    `apology` has what is answered at an address, instead of an error, when there is no time.
    """
    return Front(app, settings, apology=apology)


class Front:
    """Guard the threads: only whole requests that keep to the rules get one."""

    def __init__(
        self,
        app: WsgiApp,
        settings: Settings,
        text: LaneOptions = TEXT,
        audio: LaneOptions = AUDIO,
        apology: Apology = lambda path: None,
    ) -> None:
        whole: Any = _with_whole_body(app)  # a2wsgi has types of its own for the same things
        self._wsgi: Any = WSGIMiddleware(whole, workers=text.threads + audio.threads)
        self._apology = apology
        self._guard = Guard(settings)
        self._audio_bytes = int(settings.max_audio_mb * (1 << 20)) + MULTIPART_BYTES
        self._bodies = BodyReader(max(IN_FLIGHT_BYTES, 2 * self._audio_bytes))
        self._text, self._audio = Lane(text), Lane(audio)
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request; startup, shutdown and sockets are left to a2wsgi."""
        if scope["type"] != "http":
            await self._wsgi(scope, receive, send)
            return
        started = time.perf_counter()
        headers = self._guard.response_headers(header(scope, b"origin"))
        exchange = Exchange(scope, receive, send, headers)
        try:
            await self._answer(scope, exchange)
        except ClientGoneError:
            pass
        except (BusyError, DeadlineError) as error:
            await self._apologize(scope["path"], exchange, error)
        except VoiceError as error:
            await exchange.refuse(error)
        except Exception:
            _LOG.exception("request %s failed", exchange.request_id)
            await exchange.refuse(VoiceError(internal_message(exchange.request_id)))
        finally:
            _log(scope, exchange, time.perf_counter() - started)

    async def _answer(self, scope: Scope, exchange: Exchange) -> None:
        path = scope["path"]
        is_upload = path.startswith(UPLOAD_PATHS)
        if is_upload:
            self._guard.check(_head(scope))  # nothing is uploaded for strangers
        max_bytes = self._audio_bytes if is_upload else SMALL_BYTES
        if int(header(scope, b"content-length") or 0) > max_bytes:
            raise too_large(max_bytes)
        lane = self._audio if _is_audio(scope) else self._text
        async with self._bodies.whole(exchange.receive, max_bytes) as body:
            _attach(scope, body, exchange.request_id)
            caller = Caller(self._caller_name(scope), time.monotonic())
            with self._last_resort(path, exchange, lane.options.answer_seconds):
                async with _watching(exchange, caller) as gone, lane.thread(caller.name, gone):
                    with as_caller(caller):  # a2wsgi takes the context along to its thread
                        await self._wsgi(scope, exchange.receive, exchange.send)

    def _caller_name(self, scope: Scope) -> str:
        address, _ = scope["client"] or ("", 0)
        return self._guard.caller_name(_head(scope), address)

    @contextmanager
    def _last_resort(self, path: str, exchange: Exchange, seconds: float) -> Iterator[None]:
        """Answer for an app that takes too long; its thread is held until it ends."""
        loop = asyncio.get_running_loop()

        def give_up() -> None:
            error = DeadlineError(f"no answer within {seconds:g} s")
            task = loop.create_task(self._apologize(path, exchange, error))
            self._late.add(task)  # the loop itself may lose a task that nobody holds
            task.add_done_callback(self._late.discard)

        timer = loop.call_later(seconds, give_up)
        try:
            yield
        finally:
            timer.cancel()

    async def _apologize(self, path: str, exchange: Exchange, error: VoiceError) -> None:
        """Tell in the address's own form that it cannot be answered now; else refuse."""
        apology = self._apology(path)
        if apology is None:
            await exchange.refuse(error)
        else:
            await exchange.answer(apology.status, apology.content_type, apology.body, {})


@asynccontextmanager
async def _watching(exchange: Exchange, caller: Caller) -> AsyncIterator[asyncio.Future[Any]]:
    """Note when the client leaves; the body is read, so that only a farewell can come."""
    gone = asyncio.ensure_future(exchange.receive())
    gone.add_done_callback(lambda _: caller.leave())
    try:
        yield gone
    finally:
        gone.cancel()


def _is_audio(scope: Scope) -> bool:
    """Return whether the answer takes recognition or speech, and so more than milliseconds."""
    return scope["path"].startswith(AUDIO_PATHS) or "audio/" in (header(scope, b"accept") or "")


def _head(scope: Scope) -> RequestHead:
    return RequestHead(
        scope["method"],
        scope["path"],
        header(scope, b"host"),
        header(scope, b"origin"),
        header(scope, b"authorization"),
        header(scope, b"cookie"),
    )


def _attach(scope: Scope, body: Body, request_id: str) -> None:
    """Hand the body over, with its true length instead of the one that was claimed."""
    framing = (b"content-length", b"transfer-encoding")
    headers = [pair for pair in scope["headers"] if pair[0] not in framing]
    scope["headers"] = [*headers, (b"content-length", str(body.size).encode())]
    scope["voice.body"] = body.file
    scope["voice.request_id"] = request_id


def _with_whole_body(app: WsgiApp) -> WsgiApp:
    """Give the app the body that was read, not the one a2wsgi would fetch piece by piece."""

    def wrapped(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        scope = environ["asgi.scope"]
        environ["wsgi.input"] = scope["voice.body"]
        environ["voice.request_id"] = scope["voice.request_id"]
        return app(environ, start_response)

    return wrapped


def _log(scope: Scope, exchange: Exchange, seconds: float) -> None:
    """Log the request without its query string, nor what else must not be told."""
    path = scope["path"][:200].encode("unicode_escape").decode("ascii")
    path = next((f"{start}..." for start in SECRET_PATHS if path.startswith(start)), path)
    milliseconds = seconds * 1000
    method, status = scope["method"], exchange.status
    _LOG.info("%s %s %d %.1f ms %s", method, path, status, milliseconds, exchange.request_id)
