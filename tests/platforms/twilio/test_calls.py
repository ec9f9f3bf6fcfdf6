"""What is read from Twilio's requests and the TwiML that they are answered with."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from voice.errors import InputError
from voice.faq import Contact, Faq, FaqEntry
from voice.faq.readers import read_faq
from voice.phrases import load_phrases
from voice.platforms.protocol import HookRequest, PlatformContext
from voice.platforms.twilio import Twilio, TwilioCall
from voice.platforms.twilio.speech_links import text_in
from voice.platforms.twilio.twiml import language_tag
from voice.settings import Settings
from voice.simulate.twiml import read_twiml
from voice.types import Reply, Turn

TESTS = Path(__file__).parents[2]
CASES: list[dict[str, Any]] = YAML(typ="safe").load(TESTS / "cases" / "twilio.yaml")
PHRASES = load_phrases("en")
CALL = TwilioCall(Turn("hours", spoken=True))


def twilio(faq: Faq | None = None, speech: str = "say", speaks: bool = True) -> Twilio:
    settings = Settings(
        twilio_auth_token="secret",
        public_url="https://faq.example/",
        secret_keys="key",
        twilio_speech=speech,
    )
    faq = faq or read_faq(TESTS / "fixtures" / "museum.yaml")
    return Twilio(PlatformContext(settings, faq, PHRASES, speaks))


@pytest.fixture(scope="module")
def platform() -> Twilio:
    return twilio()


def verbs(platform: Twilio, reply: Reply | None, call: TwilioCall = CALL) -> list[Element]:
    response = platform.render(call, reply)
    assert (response.status, response.content_type) == (200, "text/xml")
    return read_twiml(response.body)


def spoken(elements: Sequence[Element]) -> str:
    return " ".join(
        text_in(one.text or "") if one.tag == "Play" else one.text or ""
        for element in elements
        for one in element.iter()
        if one.tag in ("Say", "Play")
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_turn(platform: Twilio, case: dict[str, Any]) -> None:
    call = platform.parse(HookRequest(case["form"].encode("latin-1"), {}, case["target"]))
    if case["turn"] is None:
        assert call.turn is None
    else:
        assert call.turn is not None
        assert {name: getattr(call.turn, name) for name in case["turn"]} == case["turn"]


def test_a_long_story_is_cut(platform: Twilio) -> None:
    body = b"SpeechResult=" + b"a" * 40_000
    call = platform.parse(HookRequest(body, {}, "/hook/twilio?conversation="))
    assert call.turn is not None
    assert len(call.turn.text) == 20_000


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"A=1", 403),
        (b"A=" + b"a" * (64 << 10), 413),
        (b"A=1&" * 1000, 400),
        (b'{"SpeechResult": "hours"}', 403),
        (b"\xff\x00", 403),
        (b"", 403),
    ],
)
@pytest.mark.parametrize("signature", [None, "", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "\udcff"])
def test_what_twilio_has_not_signed_is_refused(
    platform: Twilio, body: bytes, status: int, signature: str | None
) -> None:
    headers = {} if signature is None else {"x-twilio-signature": signature}
    with pytest.raises(InputError) as caught:
        platform.verify(HookRequest(body, headers, "/hook/twilio"))
    assert caught.value.http_status == status


@hypothesis_settings(deadline=None)
@given(body=st.binary(max_size=200), target=st.text(max_size=50), speech=st.text(max_size=100))
def test_nothing_crashes(platform: Twilio, body: bytes, target: str, speech: str) -> None:
    call = platform.parse(HookRequest(body, {}, f"/hook/twilio?{target}"))
    read_twiml(platform.render(call, Reply("answer", speech) if call.turn else None).body)
    read_twiml(platform.sorry(call, "error").body)


def test_an_answer_is_said_where_it_can_be_interrupted(platform: Twilio) -> None:
    reply = Reply("clarify", "Which?", offered=2, conversation="a.b-c_d")
    (gather,) = verbs(platform, reply)
    assert gather.tag == "Gather"
    action = urlsplit(gather.attrib["action"])
    assert (action.scheme, action.netloc, action.path) == ("https", "faq.example", "/hook/twilio")
    assert parse_qs(action.query) == {"conversation": ["a.b-c_d"], "offered": ["2"]}
    assert gather.attrib["language"] == "en-GB"
    assert gather.attrib["actionOnEmptyResult"] == "true"
    assert "When are you open, How much is a ticket" in gather.attrib["hints"]
    assert [(one.tag, one.text, one.get("language")) for one in gather] == [
        ("Say", "Which?", "en-GB")
    ]


def test_the_end_is_said_and_hung_up(platform: Twilio) -> None:
    assert [verb.tag for verb in verbs(platform, Reply("command", "Bye.", end_session=True))] == [
        "Say",
        "Hangup",
    ]


def test_a_caller_is_put_through(platform: Twilio) -> None:
    reply = Reply("command", "Call us. Anything else?", hand_off=True, conversation="t")
    said, dial = verbs(platform, reply)
    assert (said.tag, said.text) == ("Say", "Someone else can help you better.")
    assert (dial.tag, dial.text) == ("Dial", "+442079460000")
    assert dial.attrib["action"] == "https://faq.example/hook/twilio?conversation=t&offered=0"


@pytest.mark.parametrize("phone", [None, "ask at the desk", "+44 20; drop", "+" + "1" * 30])
def test_without_a_number_the_call_goes_on(phone: str | None) -> None:
    entries = (FaqEntry(id="a", question="A b c?", answer="A."),)
    faq = Faq(title="A", locale="en", contact=Contact(say="Ask.", phone=phone), entries=entries)
    (gather,) = verbs(twilio(faq), Reply("command", "Ask.", hand_off=True))
    assert (gather.tag, spoken([gather])) == ("Gather", "Ask.")


def test_what_has_no_turn_is_answered_with_nothing(platform: Twilio) -> None:
    assert verbs(platform, None, TwilioCall(None)) == []


def test_whom_nobody_answers_is_told_so(platform: Twilio) -> None:
    call = TwilioCall(None, "token", is_dial_over=True)
    (gather,) = verbs(platform, None, call)
    assert spoken([gather]) == PHRASES.say["hand_off_without_contact"]
    assert "conversation=token" in gather.attrib["action"]


@pytest.mark.parametrize("call", [None, TwilioCall(Turn("a"), "token")])
def test_sorry_says_the_phrase_and_listens(platform: Twilio, call: TwilioCall | None) -> None:
    (gather,) = read_twiml(platform.sorry(call, "try_again").body)
    assert (gather.tag, spoken([gather])) == ("Gather", PHRASES.say["try_again"])
    assert f"conversation={'token' if call else ''}&" in gather.attrib["action"]


@pytest.mark.parametrize("speech", ["say", "play"])
@pytest.mark.parametrize("length", [10, 1_000, 20_000])
@pytest.mark.parametrize(
    "alphabet", ["& < > \" '. ", "عربي. ", "🙂🙃. ", "]]></Say><Hangup/>. ", "漢字。"]
)
def test_any_answer_fits(speech: str, length: int, alphabet: str) -> None:
    text = (alphabet * length)[:length].strip()
    (gather,) = verbs(twilio(speech=speech), Reply("answer", text, conversation="t" * 4000))
    said = spoken([gather])
    assert text.startswith(said.partition(" ")[0])
    assert length > 1000 or said.replace(" ", "") == text.replace(" ", "")
    assert said[-1] in ".。" or said.replace(" ", "") == text.replace(" ", "")
    assert "Hangup" not in [one.tag for one in gather.iter()]


def test_an_address_holds_a_page_of_anything() -> None:
    # Nothing compresses worse than letters without order, four bytes each.
    chance = random.Random(1)
    page = "".join(chr(chance.randrange(0x20000, 0x2A6D0)) for _ in range(600))
    (gather,) = verbs(twilio(speech="play"), Reply("answer", page))
    assert spoken([gather]) == page
    assert len(gather[0].text or "") < 4000


def test_without_a_synthesizer_it_is_twilios_voice() -> None:
    for platform in (twilio(speech="play", speaks=False), twilio(speech="say")):
        (gather,) = verbs(platform, Reply("answer", "Ten pounds."))
        assert [one.tag for one in gather] == ["Say"]


def test_what_xml_cannot_hold_is_left_out(platform: Twilio) -> None:
    (gather,) = verbs(platform, Reply("answer", "a\0\x0b\x1f\ud800\ufffe\uffffb\tc"))
    assert re.sub(r"\s", "", spoken([gather])) == "abc"


def test_a_conversation_too_long_for_an_address_is_forgotten(platform: Twilio) -> None:
    (gather,) = verbs(platform, Reply("answer", "a", conversation="t" * 4000))
    assert "conversation=&" in gather.attrib["action"]


def test_hints_of_a_big_faq_keep_to_the_limits() -> None:
    entries = tuple(
        FaqEntry(id=str(n), question=f"{n} is it, & <how> \"'?", answer="A.", variants=("x" * 300,))
        for n in range(2000)
    )
    big = twilio(Faq(title="A", locale="en", entries=entries))
    (gather,) = verbs(big, Reply("answer", "&" * 20_000, conversation="t" * 3900))
    hints = gather.attrib["hints"].split(", ")
    assert len(hints) == 100
    assert hints[0] == "0 is it & <how> '"


@pytest.mark.parametrize(
    ("locale", "tag"),
    [
        ("en-GB", "en-GB"),
        ("en", "en-US"),
        ("de", "de-DE"),
        ("ja", "ja-JP"),
        ("hi", "hi-IN"),
        ("EN-gb", "en-GB"),
        ("zh-Hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
    ],
)
def test_languages_have_a_region(locale: str, tag: str) -> None:
    assert language_tag(locale) == tag
