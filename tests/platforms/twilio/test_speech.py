"""Calls in our own voice: what is played is real sound, at addresses that only we can make."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from servers import Client, RunningServer

from voice.platforms.twilio.speech_links import MAX_AGE_SECONDS, PATH, SALT, SpeechLinks, text_in
from voice.settings import Settings
from voice.simulate import trusting_settings
from voice.simulate.twilio import TwilioCaller

pytestmark = pytest.mark.slow  # real engines and servers, a second and more a test

MUSEUM = Path(__file__).parents[2] / "fixtures" / "museum.yaml"
KEY = "the key of these tests"


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    settings = trusting_settings("twilio", tmp_path_factory.mktemp("twilio"))
    return {name: str(value) for name, value in settings.items()}


@pytest.fixture(scope="module")
def server(start_server: Callable[..., RunningServer], trusting: dict[str, str]) -> RunningServer:
    return start_server(stt="off", faq=str(MUSEUM), secret_keys=KEY, **trusting)


@pytest.fixture
def client(server: RunningServer) -> Client:
    return server.client


class SlowSigner(TimestampSigner):
    """Sign with the time of a while ago."""

    def get_timestamp(self) -> int:
        return super().get_timestamp() - MAX_AGE_SECONDS - 1


def links(*keys: str) -> SpeechLinks:
    return SpeechLinks(keys or (KEY,))


def test_a_call_in_our_own_voice(
    server: RunningServer, trusting: dict[str, str], make_settings: Callable[..., Settings]
) -> None:
    url = f"http://127.0.0.1:{server.client.port}"
    caller = TwilioCaller(url, make_settings(**trusting))
    try:
        greeting = caller.start()
        assert "<Play>" in greeting.received
        assert "What would you like to know?" in greeting.speech
        before = caller.sound_seconds
        assert before > 1
        assert caller.say("How much is a ticket?").speech.startswith("Ten pounds.")
        assert caller.sound_seconds > before
        assert caller.say("Goodbye.").ended
    finally:
        caller.close()


def test_speech_is_sound_as_telephones_carry_it(client: Client) -> None:
    answer = client.get(links().url("Ten pounds."))
    assert (answer.status, answer.headers["content-type"]) == (200, "audio/wav")
    with wave.open(io.BytesIO(answer.body)) as wav:
        form = (wav.getnchannels(), wav.getsampwidth(), wav.getframerate())
        assert form == (1, 2, 8_000)
        assert wav.getnframes() > 4_000
        assert any(wav.readframes(wav.getnframes()))


def test_slower_is_slower(client: Client) -> None:
    usual, slow = (len(client.get(links().url("Ten pounds.", rate)).body) for rate in (1.0, 0.7))
    assert slow > usual


def test_the_words_in_an_address_are_not_logged(server: RunningServer) -> None:
    url = links().url("Two hundred pounds.")
    assert server.client.get(url).status == 200
    log = server.log.read_text()
    assert f"GET {PATH}... 200" in log
    assert url not in log


def test_the_public_host_may_fetch_it(client: Client) -> None:
    url = links().url("Ten pounds.")
    assert client.get(url, Host="twilio.example").status == 200
    assert client.get(url, Host="evil.example").status == 400


@pytest.mark.parametrize(
    "url",
    [
        links("another key").url("Say what I want."),
        links().url("Ten pounds.")[:-1],
        links().url("Ten pounds.").replace("speech/", "speech/x"),
        PATH + URLSafeTimedSerializer(KEY, salt="conversation-1").dumps(["Ten pounds.", 1.0]),
        PATH
        + URLSafeTimedSerializer(KEY, salt=SALT, signer=SlowSigner).dumps(["Ten pounds.", 1.0]),
        PATH + "abc",
        PATH + "a" * 5000,
        PATH + "%00%ff%F0%9F%99%82",
        PATH,
        PATH + "a/b",
    ],
)
def test_what_we_have_not_signed_is_not_spoken(client: Client, url: str) -> None:
    answer = client.get(url)
    assert (answer.status, answer.error) == (404, "not_found")


def test_an_old_key_is_still_good_for_reading() -> None:
    token = links("old").url("Ten pounds.").removeprefix(PATH)
    assert links("new", "old").spoken(token) == ("Ten pounds.", 1.0)
    assert links("new").spoken(token) is None


def test_a_caller_reads_the_words_without_the_key() -> None:
    assert text_in(links().url("Zehn Pfund 🙂")) == "Zehn Pfund 🙂"
