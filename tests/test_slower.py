"""Speech that was asked to be slower is slower, whole and by the sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from voice.assistant import Assistant
from voice.opening import open_assistant
from voice.settings import Settings
from voice.types import Turn

pytestmark = pytest.mark.slow  # real engines and servers, a second and more a test


@pytest.fixture
def assistant(make_settings: Callable[..., Settings]) -> Iterator[Assistant]:
    opened = open_assistant(make_settings(stt="off"))
    if opened.synthesizer is None:
        pytest.skip("no speech is possible on this machine")
    yield opened
    opened.close()


def test_slower_speech_takes_longer(assistant: Assistant) -> None:
    usual = assistant.answer(Turn("is it normal for your spine to crack"))
    slower = assistant.answer(Turn("slower please", conversation=usual.conversation))
    assert usual.answer is not None
    assert slower.speech == usual.answer.text
    assert "rate_factor" not in slower.as_dict()
    again = assistant.answer(Turn("repeat", conversation=usual.conversation))
    whole = assistant.speak_reply(slower).seconds
    assert whole > 1.15 * assistant.speak_reply(again).seconds
    parts = sum(speech.seconds for speech in assistant.speak_sentences(slower))
    assert parts > 1.15 * sum(speech.seconds for speech in assistant.speak_sentences(again))
