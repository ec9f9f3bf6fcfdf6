"""Replies keep to Alexa's limits whatever they say."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from voice.errors import EngineError
from voice.phrases import load_phrases
from voice.platforms.alexa.render import MAX_SPEECH_BYTES, fit, say
from voice.platforms.protocol import json_response
from voice.simulate.alexa_strict import accepted, accepted_end
from voice.types import Answer, Reply

NO_INPUT = load_phrases("en").say["no_input"]
SENTENCE = 'Salt & <b>pepper</b> cost "3.50" & it\'s fine, 👩‍👩‍👧 مرحبا שלום. '


def _received(reply: Reply) -> bytes:
    return json_response(say(reply, NO_INPUT)).body


@pytest.mark.parametrize("chars", [10, 1_000, 20_000])
def test_answers_of_every_length(chars: int) -> None:
    text = (SENTENCE * (chars // len(SENTENCE) + 1))[:chars].strip()
    answer = Answer("id", "Why & how?", text)
    taken = accepted(_received(Reply("answer", text, answer=answer, conversation="t" * 4096)))
    assert text.startswith(taken.speech)
    assert taken.speech == text or taken.speech.endswith(".")
    assert len(taken.speech) > min(chars, 4_000) - len(SENTENCE)
    assert taken.attributes == {"conversation": "t" * 4096}


def test_markup_of_an_answer_is_only_text() -> None:
    text = '</speak><audio src="https://evil.example/a.mp3"/> & <break time="10s"/>'
    assert accepted(_received(Reply("answer", text))).speech == text


def test_an_open_session_asks_and_a_closed_one_does_not() -> None:
    taken = accepted(_received(Reply("answer", "Nine.", reprompt="More?")))
    assert (taken.ends, taken.reprompt) == (False, "More?")
    assert accepted(_received(Reply("answer", "Nine."))).reprompt == NO_INPUT
    taken = accepted(_received(Reply("command", "Goodbye.", reprompt="More?", end_session=True)))
    assert (taken.ends, taken.reprompt) == (True, "")


def test_only_answers_have_a_card() -> None:
    answer = Answer("id", "When?", "At nine. Then at ten.")
    body = say(Reply("answer", "At nine. Is there more?", answer=answer), NO_INPUT)
    card = {"type": "Simple", "title": "When?", "content": "At nine. Then at ten."}
    assert body["response"]["card"] == card
    assert "card" not in say(Reply("clarify", "Which?"), NO_INPUT)["response"]


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        ("One. Two. Three.", 12, "One. Two."),
        ("One. Two. Three.", 16, "One. Two. Three."),
        ("Pay 3.50 now or", 7, "Pay"),
        ('He said "no." Then left.', 18, 'He said "no."'),
        ("Alles gut? Ja!", 11, "Alles gut?"),
        ("日本語。そして", 15, "日本語。"),
        ("مرحبا؟ نعم", 14, "مرحبا؟"),
        ("word " * 5, 12, "word word"),
        ("x" * 20, 12, "x" * 12),
        ("👍" * 5, 9, "👍👍"),
        ("\x00a\x1b\ud800\ufffeb\tc", 9, "ab\tc"),
    ],
)
def test_cuts(text: str, most: int, kept: str) -> None:
    assert fit(text, most) == kept


@settings(deadline=None)
@given(st.text(), st.text(), st.text(min_size=0, max_size=500), st.booleans())
@example('"' * 20_000, "\n" * 20_000, "\\" * 500, False)
@example("\U0001f600" * 20_000, "ß" * 20_000, "\x7f" * 500, False)
def test_every_reply_is_one_that_alexa_takes(
    speech: str, answer: str, question: str, ends: bool
) -> None:
    reply = Reply(
        "answer",
        f"So: {speech}",
        answer=Answer("id", f"Q {question}", f"A {answer}"),
        reprompt=f"Well? {speech}",
        end_session=ends,
        conversation="t" * 4096,
    )
    taken = accepted(_received(reply))
    assert len(taken.speech.encode()) <= MAX_SPEECH_BYTES


def test_the_strict_reader_is_strict() -> None:
    for wrong in (b"{}", b"[]", b'{"version":"1.0","response":{}}', b" " * 24_001):
        with pytest.raises(EngineError):
            accepted(wrong)
    with pytest.raises(EngineError):
        accepted_end(_received(Reply("command", "Goodbye.", end_session=True)))
    accepted_end(b'{"version":"1.0","response":{}}')
