from __future__ import annotations

import json
import signal
import socket
import sys
import urllib.request

import pytest

from voice.settings import Settings
from voice.simulate import trusting_settings


def test_the_settings_in_effect_are_printed_with_secrets_masked(here):
    done = here(
        "serve", "--print-settings", "--port", "9001", "--json", VOICE_API_KEYS="hush,hush2"
    )
    body = json.loads(done.out)
    assert done.code == 0
    assert set(body) == set(Settings.model_fields)
    assert (body["port"], body["host"]) == (9001, "127.0.0.1")
    assert "hush" not in done.out


def test_the_settings_are_a_voice_toml(here, home, tmp_path):
    printed = here("serve", "--print-settings", "--host", "127.0.0.2", VOICE_RATE="99").out
    (home / "voice.toml").write_text(printed)
    try:
        again = here("serve", "--print-settings").out
    finally:
        (home / "voice.toml").unlink()
    assert again == printed
    assert 'host = "127.0.0.2"' in again


def test_a_port_in_use_is_one_line(here):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        # The port is told first: nothing is loaded for a server that cannot start.
        done = here("serve", "--port", str(port), "--faq", "nowhere.yaml")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("voice: cannot serve on 127.0.0.1:")
    assert done.err.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_it_serves_until_ctrl_c(start):
    process = start("serve", "--port", "0", VOICE_DRAIN_SECONDS="0")
    address = next(word for word in process.stdout.readline().decode().split() if "://" in word)
    with urllib.request.urlopen(f"{address}/health/ready") as response:
        assert response.status == 200
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    log = process.stderr.read().decode()
    assert "Traceback" not in log
    assert "/health/ready 200" in log


@pytest.mark.parametrize(
    ("arguments", "given", "told"),
    [
        ((), ("ROOT", "CERTS"), "--testing"),
        ((), ("ROOT",), "set both or neither"),
        (("--testing",), ("CERTS",), "set both or neither"),
        (("--testing",), ("ROOT",), "set both or neither"),
    ],
)
def test_what_only_tests_may_trust_is_one_line(here, home, arguments, given, told):
    settings = {f"VOICE_ALEXA_TEST_{name}": str(home) for name in given}
    done = here("serve", *arguments, **settings)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert told in done.err


def test_no_environment_makes_it_a_test(here):
    done = here("serve", VOICE_TESTING="1")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("voice: VOICE_TESTING is no setting")


def test_a_test_is_told_loudly(start, tmp_path):
    given = {
        f"VOICE_{name.upper()}": str(text)
        for name, text in trusting_settings("alexa", tmp_path).items()
    }
    process = start("serve", "--testing", "--port", "0", **given)
    assert process.stdout.readline().decode().startswith("Serving on ")
    assert process.stdout.readline().decode().startswith("TESTING: ")
    process.kill()
    assert "TESTING: " in process.stderr.read().decode()
