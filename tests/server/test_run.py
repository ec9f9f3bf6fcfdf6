"""Start and stop: the address, the drain, Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from voice.errors import InputError, VoiceError
from voice.server.listener import bind, url

QUESTION = "Is it normal for your spine to crack?"


@pytest.fixture
def run_serve(tmp_path):
    """Return a runner of `voice serve` for starts that must fail."""

    def run(**settings: str) -> subprocess.CompletedProcess[str]:
        kept = {name: text for name, text in os.environ.items() if not name.startswith("VOICE_")}
        given = {f"VOICE_{name.upper()}": value for name, value in settings.items()}
        home = {"VOICE_HOME": str(tmp_path), "VOICE_STT": "off", "VOICE_TTS": "off"}
        return subprocess.run(
            [sys.executable, "-m", "voice", "serve"],
            env={**kept, **home, **given},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def assert_one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


def test_a_port_in_use_is_one_line(run_serve):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert_one_line(run_serve(port=port), port, "in use")


def test_another_address_without_keys_is_one_line(run_serve):
    assert_one_line(run_serve(host="0.0.0.0", port="0"), "0.0.0.0", "VOICE_API_KEYS")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_another_address_needs_keys(make_settings, host):
    with pytest.raises(InputError, match="VOICE_API_KEYS"):
        bind(make_settings(host=host, port=0))


def test_with_keys_another_address_is_taken(make_settings):
    with contextlib.closing(bind(make_settings(host="0.0.0.0", port=0, api_keys="k"))) as listener:
        assert listener.getsockname()[0] == "0.0.0.0"


def test_answers_are_sent_at_once_on_any_event_loop(make_settings):
    async def no_delay() -> int:
        loop = asyncio.get_running_loop()
        accepted: asyncio.Future[asyncio.Transport] = loop.create_future()

        class Protocol(asyncio.Protocol):
            def connection_made(self, transport):
                accepted.set_result(transport)

        listener = bind(make_settings(port=0))
        async with await loop.create_server(Protocol, sock=listener):
            with socket.create_connection(listener.getsockname()):
                transport = await accepted
                option = transport.get_extra_info("socket").getsockopt(
                    socket.IPPROTO_TCP, socket.TCP_NODELAY
                )
                transport.close()
                return option

    assert asyncio.run(no_delay())


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "a b", "x" * 300])
def test_an_address_that_is_not_ours_is_one_line(make_settings, host):
    with pytest.raises(VoiceError, match=re.escape(host)):
        bind(make_settings(host=host, port=0, api_keys="k"))


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
def test_serves_on_ipv6(make_settings):
    with contextlib.closing(bind(make_settings(host="::1", port=0))) as listener:
        assert url(listener) == f"http://[::1]:{listener.getsockname()[1]}"
        with socket.create_connection(listener.getsockname()[:2], timeout=5):
            pass


@pytest.mark.slow
def test_sigterm_lets_running_turns_end(start_slow_server):
    server = start_slow_server(drain_seconds="0.4", log_level="info")
    answers = []
    turn = threading.Thread(
        target=lambda: answers.append(server.client.post("/speak", {"text": "a", "rate": 130}))
    )
    turn.start()
    time.sleep(0.3)
    started = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.1)
    # Still open, and saying that it is about to close.
    ready = server.client.get("/health/ready")
    assert (ready.status, ready.error) == (503, "not_ready")
    assert server.client.ask(QUESTION).status == 200
    assert server.process.wait(20) == 0
    assert time.monotonic() - started > 0.8  # the turn of 1.3 seconds was waited for
    turn.join()
    assert answers[0].status == 200
    assert "Traceback" not in server.log.read_text()


@pytest.mark.slow
def test_an_idle_server_stops_after_the_drain(start_slow_server):
    server = start_slow_server(drain_seconds="0.5")
    with server.client.connect(), server.client.connect() as half:
        half.sendall(b"GET / HT")
        started = time.monotonic()
        assert server.stop() == 0
        assert 0.4 < time.monotonic() - started < 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_stops_an_idle_server_without_the_drain(start_slow_server):
    server = start_slow_server(drain_seconds="60")
    started = time.monotonic()
    assert server.stop(signal.SIGINT) == 130
    assert time.monotonic() - started < 5
    assert server.log.read_text() == ""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_a_second_ctrl_c_ends_at_once(start_slow_server):
    server = start_slow_server(drain_seconds="60")
    turn = threading.Thread(target=_speak_in_vain, args=(server.client,))
    turn.start()
    time.sleep(0.3)
    server.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    started = time.monotonic()
    assert server.stop(signal.SIGINT) == 130
    assert time.monotonic() - started < 1
    turn.join()


def _speak_in_vain(client) -> None:
    with contextlib.suppress(ConnectionError):
        client.post("/speak", {"text": "a", "rate": 400})


@pytest.mark.slow
def test_restarts_on_the_same_port_at_once(start_slow_server):
    first = start_slow_server(drain_seconds="0")
    with first.client.connect() as kept:
        kept.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        kept.recv(1000)
        assert first.stop() == 0
        second = start_slow_server(port=str(first.client.port))
    assert second.client.port == first.client.port
