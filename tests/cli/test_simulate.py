from __future__ import annotations

import json
import signal
import socket
import sys
from pathlib import Path

import pytest
from servers import RunningServer

from voice.simulate import SIMULATORS

MUSEUM = Path(__file__).parents[1] / "fixtures" / "museum.yaml"
TOKEN = {"VOICE_DIALOGFLOW_TOKEN": "sesame"}
GREETED = {"alexa", "dialogflow-cx", "dialogflow-es", "twilio"}
TELL_THE_END = set(SIMULATORS) - {"wyoming"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_the_help_names_every_platform(here):
    done = here("simulate", "--help")
    assert done.code == 0
    text = " ".join(done.out.split())
    assert all(platform in text for platform in SIMULATORS)


def test_a_platform_that_nobody_simulates_is_one_line(here):
    done = here("simulate", "siri", "hello")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("voice: no such platform; there are alexa, ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://127.0.0.1:99999", "http://[a"]
)
def test_what_is_no_address_is_one_line(here, url):
    done = here("simulate", "dialogflow-cx", "hello", "--url", url, **TOKEN)
    assert (done.code, done.out) == (2, "")
    assert done.err == "voice: --url must be as http://127.0.0.1:8000\n"


@pytest.mark.parametrize(
    ("platform", "variable"),
    [
        ("alexa", "VOICE_ALEXA_SKILL_IDS"),
        ("dialogflow-cx", "VOICE_DIALOGFLOW_TOKEN"),
        ("dialogflow-es", "VOICE_DIALOGFLOW_TOKEN"),
        ("twilio", "VOICE_TWILIO_AUTH_TOKEN"),
        ("wyoming", "VOICE_WYOMING_URI"),
    ],
)
def test_another_server_needs_its_own_settings(here, platform, variable):
    done = here("simulate", platform, "hello", "--url", "http://127.0.0.1:9")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"voice: set {variable}")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("platform", ["dialogflow-es", "openai", "wyoming"])
def test_a_server_that_is_not_there_is_one_line(here, platform):
    port = free_port()
    uri = f"tcp://127.0.0.1:{port}"
    url = f"http://127.0.0.1:{port}/"
    done = here("simulate", platform, "hello", "--url", url, VOICE_WYOMING_URI=uri, **TOKEN)
    assert (done.code, done.out) == (2, "")
    assert f":{port}" in done.err
    assert done.err.count("\n") == 1


def test_a_server_that_does_not_trust_us_is_one_line(here, text_server: RunningServer):
    url = f"http://127.0.0.1:{text_server.client.port}"
    done = here("simulate", "dialogflow-cx", "hello", "--url", url, **TOKEN)
    assert (done.code, done.out) == (2, "")
    assert "the server refuses (503)" in done.err
    assert done.err.count("\n") == 1


def test_a_server_that_runs_is_asked_whatever_proxy_there_is(here, text_server: RunningServer):
    url = f"http://127.0.0.1:{text_server.client.port}/"
    nowhere = f"http://127.0.0.1:{free_port()}"
    lines = b"is it bad to crack my back\nrepeat that\n"
    done = here("simulate", "openai", "--url", url, "--json", given=lines, http_proxy=nowhere)
    assert (done.code, done.err) == (0, "")
    said = [json.loads(line) for line in done.out.splitlines()]
    assert [one["said"] for one in said] == lines.decode().splitlines()
    assert said[0]["speech"].startswith("No, not in moderation.")
    assert said[1]["speech"].startswith("No, not in moderation.")


def test_a_question_that_is_too_long_is_one_line(here, text_server: RunningServer):
    url = f"http://127.0.0.1:{text_server.client.port}"
    done = here("simulate", "openai", "--url", url, given=b"x" * 1_000_000)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("voice: a question may have 20,000 characters")


def test_the_complaint_of_a_server_that_does_not_start_is_passed_on(here):
    done = here("simulate", "openai", "hello", "--faq", "nowhere.yaml")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("voice: no server to try it with: ")
    assert "nowhere.yaml" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("platform", SIMULATORS)
def test_a_conversation_with_a_server_of_its_own(voice, platform):
    lines = "How much is a ticket?\nrepeat that\nguided tour\nthe second one\ngoodbye\nlost\n"
    taken = "tcp://127.0.0.1:1"  # what another server of the owner's has is not in the way
    done = voice(
        *("simulate", platform, "--faq", MUSEUM, "--json", "-v"),
        given=lines.encode(),
        VOICE_HOST="0.0.0.0",
        VOICE_WYOMING_URI=taken,
    )
    assert done.code == 0, done.err
    heard = [json.loads(line) for line in done.out.splitlines()]
    assert all(one["sent"] and one["received"] for one in heard if one["said"])
    if platform in GREETED:
        assert "What would you like to know?" in heard.pop(0)["speech"]
    assert [one["said"] for one in heard][:5] == lines.splitlines()[:5]
    assert heard[0]["speech"].startswith("Ten pounds.")
    assert heard[1]["speech"].startswith("Ten pounds.")
    assert "Second: Is there a guided tour for children?" in heard[2]["speech"]
    assert heard[3]["speech"].startswith("On Sundays at eleven.")
    assert heard[4]["ended"] is (platform in TELL_THE_END)
    assert len(heard) == (5 if platform in TELL_THE_END else 6)


@pytest.mark.slow
def test_keys_that_were_made_are_not_in_the_way(voice, tmp_path):
    home = {"VOICE_HOME": str(tmp_path)}
    assert voice("keys", "add", "phone", **home).code == 0
    done = voice("simulate", "openai", "How much is a ticket?", "--faq", MUSEUM, **home)
    assert (done.code, done.out) == (0, "Ten pounds.\n"), done.err


@pytest.mark.slow
def test_people_see_what_is_heard_and_the_raw_exchange(voice):
    done = voice("simulate", "twilio", "How much is a ticket?", "--faq", MUSEUM, "-v")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "> POST https://twilio.example/hook/twilio"
    assert any(line.startswith("< <Response><Gather") for line in lines)
    assert lines[-1].startswith("Ten pounds.")
    assert voice("simulate", "alexa", "goodbye", "--faq", MUSEUM).err.endswith("call is over\n")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_ctrl_c_is_clean_and_takes_the_server_along(start):
    process = start("simulate", "alexa", "--faq", MUSEUM)
    assert b"What would you like to know?" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    assert process.stdout.read() == b""
    assert process.stderr.read().count(b"\n") == 1  # that test keys are trusted


@pytest.mark.slow
def test_a_reader_that_has_enough_is_no_error(start):
    process = start("simulate", "openai", "--faq", MUSEUM)
    process.stdin.write(b"How much is a ticket?\n")
    process.stdin.flush()
    assert process.stdout.readline().startswith(b"Ten pounds.")
    process.stdout.close()
    process.stdin.write(b"How much is a ticket?\n")
    process.stdin.close()
    assert process.wait(20) == 0
    assert process.stderr.read() == b""
