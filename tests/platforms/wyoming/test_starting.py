"""The address: faults are one line at the start; the network is told; the end is quick."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import subprocess
import sys
import time

import pytest
from servers import server_environment
from wyoming.info import Describe
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from voice.errors import InputError, SetupError
from voice.platforms import take_addresses
from voice.platforms.wyoming.announce import TYPE, Announcement
from voice.ports import find_address, take_port


@pytest.mark.parametrize(
    "uri",
    [
        *("udp://127.0.0.1:1", "tcp://127.0.0.1", "tcp://:10300", "tcp://127.0.0.1:99999"),
        *("tcp://127.0.0.1:1x", "tcp://127.0.0.1:1/x", "tcp://[::1:0", "127.0.0.1:10300"),
        *(
            "tcp://user@127.0.0.1:1",
            "unix:///tmp/socket",
            "stdio://",
            "tcp://no.such.host.invalid:1",
        ),
    ],
)
def test_what_is_no_address_is_one_line(make_settings, uri):
    with pytest.raises(InputError, match="tcp://host:port|no.such.host.invalid") as caught:
        take_addresses(make_settings(wyoming_uri=uri))
    assert "\n" not in caught.value.message


def test_off_takes_no_address(make_settings):
    assert take_addresses(make_settings()) == []
    assert take_addresses(make_settings(wyoming_uri="")) == []


def test_an_address_that_is_not_ours_is_one_line(make_settings):
    with pytest.raises(SetupError, match=r"192\.0\.2\.1:10300: this machine does not have"):
        take_addresses(make_settings(wyoming_uri="tcp://192.0.2.1:10300"))


def test_a_port_in_use_ends_the_start_with_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = {"VOICE_WYOMING_URI": f"tcp://127.0.0.1:{port}", "VOICE_STT": "off"}
        done = subprocess.run(
            [sys.executable, "-m", "voice", "serve"],
            env=server_environment(tmp_path, settings),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert f"{port}: the port is in use; choose another with VOICE_WYOMING_URI" in done.stderr


@pytest.mark.parametrize(("host", "warns"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_who_opens_it_to_others_is_warned(make_settings, caplog, host, warns):
    with caplog.at_level(logging.WARNING):
        (listener,) = take_addresses(make_settings(wyoming_uri=f"tcp://{host}:0"))
    listener._socket.close()
    assert ("knows no keys" in caplog.text) == warns


def test_the_network_is_told_and_told_when_it_ends():
    async def visit() -> None:
        name = f"faq-{socket.gethostname().partition('.')[0]}"[:60]
        with contextlib.closing(take_port(find_address("0.0.0.0", 0), "")) as listener:
            announcement = await Announcement.make(listener)
            if announcement is None:
                pytest.skip("there is no network here")
            async with AsyncZeroconf() as zeroconf:
                found = AsyncServiceInfo(TYPE, f"{name}.{TYPE}")
                if not await found.async_request(zeroconf.zeroconf, 3000):
                    await announcement.end()
                    pytest.skip("this network carries no multicast")
                assert found.port == listener.getsockname()[1]
                await announcement.end()

    asyncio.run(visit())


def test_where_nothing_can_be_announced_the_log_says_so(monkeypatch, caplog):
    def fail() -> None:
        raise OSError("no network")

    monkeypatch.setattr("voice.platforms.wyoming.announce.AsyncZeroconf", fail)
    with contextlib.closing(take_port(find_address("127.0.0.1", 0), "")) as listener:
        assert asyncio.run(Announcement.make(listener)) is None
    assert "must be given the address by hand: no network" in caplog.text


@pytest.mark.slow
def test_a_server_stops_beside_open_connections(start_server, wyoming_of):
    server = start_server(
        stt="off", tts="off", drain_seconds="0", wyoming_uri="tcp://127.0.0.1:0", log_level="debug"
    )
    home = wyoming_of(server)
    assert home.ask(Describe().event())[0].type == "info"
    with home.connect(), home.connect() as half, home.connect() as refused:
        half.sendall(b'{"type": "audio-chunk", "payload_length": 100}\nabc')
        refused.sendall(b"[]\n")
        started = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - started < 10
    log = server.log.read_text()
    assert "Traceback" not in log
    assert "Task was destroyed" not in log
