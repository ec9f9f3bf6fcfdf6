"""Whole telephone calls to a real server, over a real socket, in Twilio's voice and in our own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from servers import Answer, RunningServer

from voice.errors import EngineError, InputError, SetupError
from voice.platforms.twilio.signature import sign, signed_fields
from voice.settings import Settings
from voice.simulate import open_caller, trusting_settings
from voice.simulate.twilio import PUBLIC_URL, TwilioCaller
from voice.simulate.twiml import read_twiml

MUSEUM = Path(__file__).parents[2] / "fixtures" / "museum.yaml"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("twilio")
    settings = trusting_settings("twilio", folder)
    assert settings == trusting_settings("twilio", folder)
    return {name: str(value) for name, value in settings.items()}


@pytest.fixture(scope="module")
def server(start_server: Callable[..., RunningServer], trusting: dict[str, str]) -> RunningServer:
    return start_server(stt="off", tts="off", faq=str(MUSEUM), **trusting)


@pytest.fixture
def caller(
    server: RunningServer, trusting: dict[str, str], make_settings: Callable[..., Settings]
) -> TwilioCaller:
    url = f"http://127.0.0.1:{server.client.port}"
    return TwilioCaller(url, make_settings(**trusting))


def signed_post(
    server: RunningServer,
    token: str,
    fields: list[tuple[str, str]],
    target: str = "/hook/twilio",
    **headers: str,
) -> Answer:
    signature = sign(token.encode(), PUBLIC_URL + target + signed_fields(fields)).decode()
    headers = {"Content_Type": FORM, "X_Twilio_Signature": signature, **headers}
    return server.client.request("POST", target, urlencode(fields), **headers)


def test_a_call_from_greeting_to_goodbye(caller: TwilioCaller) -> None:
    greeting = caller.start()
    assert "What would you like to know?" in greeting.speech
    assert not greeting.ended
    assert caller.say("How much is a ticket?").speech.startswith("Ten pounds.")
    assert caller.say("1").speech.startswith("Ten pounds.")
    assert "First:" in caller.say("Guided tour.").speech
    assert caller.say("2").speech.startswith("On Sundays at eleven.")
    assert caller.say("Goodbye.").ended
    with pytest.raises(InputError, match="over"):
        caller.say("Hello?")
    caller.close()


def test_keys_choose_among_related_questions_too(caller: TwilioCaller) -> None:
    caller.start()
    caller.say("When are you open?")
    assert caller.say("Yes.").speech.startswith("On Fridays until nine.")
    assert "Second:" in caller.say("Yes.").speech
    assert caller.say("2").speech.startswith("Every day at two.")


def test_one_silence_is_asked_again_and_two_end_the_call(caller: TwilioCaller) -> None:
    caller.start()
    caller.say("How much is a ticket?")
    assert "?" in caller.say("").speech
    assert caller.say("1").speech.startswith("Ten pounds.")
    assert not caller.say("").ended
    goodbye = caller.say("")
    assert (goodbye.speech, goodbye.ended) == ("Goodbye.", True)


def test_two_questions_without_an_answer_put_the_caller_through(caller: TwilioCaller) -> None:
    caller.start()
    assert not caller.say("Who won the world cup?").ended
    assert caller.say("What is the capital of France?").ended
    assert caller.dialed == ["+442079460000"]


def test_a_caller_who_asks_for_a_person_is_put_through(caller: TwilioCaller) -> None:
    caller.start()
    handed_off = caller.say("0")
    assert handed_off.speech == "Someone else can help you better."
    assert handed_off.ended
    assert caller.dialed == ["+442079460000"]


def test_a_caller_whom_nobody_answers_is_not_left_alone(
    server: RunningServer, trusting: dict[str, str], make_settings: Callable[..., Settings]
) -> None:
    url = f"http://127.0.0.1:{server.client.port}"
    caller = TwilioCaller(url, make_settings(**trusting), dial_status="no-answer")
    caller.start()
    caller.say("How much is a ticket?")
    handed_off = caller.say("0")
    assert "I can't connect you" in handed_off.speech
    assert not handed_off.ended
    assert caller.say("1").speech.startswith("Ten pounds.")


def test_what_was_said_twice_is_answered_twice_alike(
    server: RunningServer, trusting: dict[str, str]
) -> None:
    fields = [("CallSid", "CA1"), ("SpeechResult", "who won the world cup")]
    target = "/hook/twilio?conversation=&offered=0"
    answers = [signed_post(server, trusting["twilio_auth_token"], fields, target) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    said = [[one.text for one in read_twiml(answer.body)[0]] for answer in answers]
    assert said[0] == said[1]


@pytest.mark.parametrize(
    "text",
    [
        "hours</Say><Hangup/>",
        "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
        "a\0b\ud7ff\x1b[31m",
        "why " * 5000,
        "🙂" * 3000,
    ],
)
def test_strange_words_are_answered(caller: TwilioCaller, text: str) -> None:
    caller.start()
    assert not caller.say(text).ended


def test_the_end_of_a_call_needs_no_answer(server: RunningServer, trusting: dict[str, str]) -> None:
    answer = signed_post(
        server, trusting["twilio_auth_token"], [("CallStatus", "completed"), ("CallDuration", "3")]
    )
    assert (answer.status, read_twiml(answer.body)) == (200, [])


def test_a_stranger_is_refused(
    server: RunningServer, trusting: dict[str, str], make_settings: Callable[..., Settings]
) -> None:
    url = f"http://127.0.0.1:{server.client.port}"
    with pytest.raises(SetupError, match="refuses.*403"):
        open_caller(
            "twilio", url, make_settings(**{**trusting, "twilio_auth_token": "wrong"})
        ).start()
    with pytest.raises(SetupError, match="refuses.*403"):
        open_caller(
            "twilio", url, make_settings(**{**trusting, "public_url": "https://other.example"})
        ).start()
    with pytest.raises(InputError, match="VOICE_TWILIO_AUTH_TOKEN"):
        open_caller("twilio", url, make_settings())
    answer = server.client.request("POST", "/hook/twilio", "A=1", Content_Type=FORM)
    assert (answer.status, answer.error) == (403, "bad_signature")


def test_forwarding_headers_change_nothing(server: RunningServer, trusting: dict[str, str]) -> None:
    token, fields = trusting["twilio_auth_token"], [("CallStatus", "ringing")]
    forged = {
        "X_Forwarded_Proto": "http",
        "X_Forwarded_Host": "evil.example",
        "Forwarded": "host=evil.example",
    }
    assert signed_post(server, token, fields, **forged).status == 200
    # What was signed for another host is not ours, whatever the headers claim.
    signature = sign(
        token.encode(), "http://evil.example/hook/twilio" + signed_fields(fields)
    ).decode()
    answer = server.client.request(
        "POST",
        "/hook/twilio",
        urlencode(fields),
        Content_Type=FORM,
        X_Twilio_Signature=signature,
        **forged,
    )
    assert (answer.status, answer.error) == (403, "bad_signature")


def test_hosts_behind_a_proxy(server: RunningServer, trusting: dict[str, str]) -> None:
    token, fields = trusting["twilio_auth_token"], [("CallStatus", "ringing")]
    public = PUBLIC_URL.removeprefix("https://")
    assert signed_post(server, token, fields, Host=public).status == 200
    assert signed_post(server, token, fields, Host="evil.example").status == 400


def test_a_big_form_is_413(server: RunningServer, trusting: dict[str, str]) -> None:
    answer = signed_post(server, trusting["twilio_auth_token"], [("A", "a" * (64 << 10))])
    assert (answer.status, answer.error) == (413, "too_large")


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "set VOICE_TWILIO_AUTH_TOKEN and VOICE_PUBLIC_URL"),
        ({"twilio_auth_token": "secret"}, "set VOICE_PUBLIC_URL"),
    ],
)
def test_without_its_settings_it_is_off(
    start_server: Callable[..., RunningServer], settings: dict[str, str], named: str
) -> None:
    server = start_server(stt="off", tts="off", **settings)
    answer = signed_post(server, "secret", [("CallStatus", "ringing")])
    assert (answer.status, answer.error) == (503, "not_set_up")
    assert named in server.log.read_text()
    assert server.client.get("/hook/twilio/speech/abc").status == 404


def test_nothing_secret_reaches_the_log(server: RunningServer, caller: TwilioCaller) -> None:
    caller.start()
    caller.say("how much is a ticket")
    log = server.log.read_text()
    assert "POST /hook/twilio 200" in log
    assert "ticket" not in log
    assert "conversation=" not in log
    assert "+1500" not in log


def test_the_simulated_caller_is_as_strict_as_twilio() -> None:
    for wrong in (
        b"no XML",
        b"<Response><Say>a</Response>",
        b"<Answer/>",
        b"<Response><Record/></Response>",
        b"<Response><Gather><Hangup/></Gather></Response>",
        b"<Response><Say></Say></Response>",
        b"<Response><Say>" + b"a" * 3001 + b"</Say></Response>",
        b"<Response><Say language='english'>a</Say></Response>",
        b"<Response><Gather speechTimeout='auto'/></Response>",
        b"<Response><Gather hints='" + b"a" * 102 + b"'/></Response>",
        b"<Response><Dial>desk</Dial></Response>",
        b"<Response><Play>https://a/" + b"a" * 4000 + b"</Play></Response>",
        b"<Response>" + b" " * 64_000 + b"</Response>",
    ):
        with pytest.raises(EngineError):
            read_twiml(wrong)
