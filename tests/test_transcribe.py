"""Hearing through the assistant, with either model and any length that a surface allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from voice.assistant import Assistant
from voice.errors import AudioError, SetupError
from voice.opening import open_assistant
from voice.settings import Settings

pytestmark = pytest.mark.slow  # real engines and servers, a second and more a test

SPEECH = Path(__file__).parent / "fixtures" / "speech" / "spine-cracks.flac"
SAID = "is it bad if your spine cracks"


@pytest.fixture
def open_own(make_settings: Callable[..., Settings]) -> Iterator[Callable[..., Assistant]]:
    opened: list[Assistant] = []

    def open_own(**settings: object) -> Assistant:
        opened.append(open_assistant(make_settings(tts="off", **settings)))
        return opened[-1]

    yield open_own
    for assistant in opened:
        assistant.close()


@pytest.mark.parametrize("model", ["open", "faq"])
def test_vosk_hears_the_same_with_either_model(open_own, vosk_tiny: Path, model) -> None:
    assistant = open_own(stt="vosk", vosk_model=vosk_tiny)
    heard = assistant.transcribe(SPEECH.read_bytes(), model=model)
    assert (heard.text, heard.engine) == (SAID, "vosk")
    assert assistant.hear(SPEECH.read_bytes()) == heard


@pytest.mark.slow
def test_pocketsphinx_hears_people_openly_who_ask_for_something_else(
    open_own, shared_data: Path
) -> None:
    assistant = open_own(stt="pocketsphinx")
    order = shared_data / "barista_dev/speech/282d32e1-e1e5-4760-b574-9f629d824384.flac"
    openly = assistant.transcribe(order.read_bytes(), model="open")
    assert openly.text == "make me a cappuccino"
    assert assistant.transcribe(order.read_bytes(), model="faq").text != openly.text


def test_each_surface_has_its_own_longest_audio(open_own, vosk_tiny: Path) -> None:
    assistant = open_own(stt="vosk", vosk_model=vosk_tiny, max_audio_seconds=1)
    with pytest.raises(AudioError, match="longer than 1 s"):
        assistant.transcribe(SPEECH.read_bytes())
    assert assistant.transcribe(SPEECH.read_bytes(), max_seconds=10).text == SAID


def test_who_cannot_hear_says_so(open_own) -> None:
    with pytest.raises(SetupError, match="no recognizer works on this machine"):
        open_own(stt="off").transcribe(SPEECH.read_bytes(), model="open")
