from __future__ import annotations

import pytest

from voice.errors import InputError
from voice.tts.cache import SpeechCache
from voice.tts.cached import CachedSynthesizer
from voice.tts.protocol import VoiceOptions
from voice.tts.pyttsx3 import Pyttsx3Synthesizer
from voice.tts.sentences import speak_sentences, split_sentences

TEXT = "Good morning. We are open from 9.30 to 5! Is there anything else?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ('He said "no." Then he left.', ['He said "no.', "Then he left."]),
        ("no stop at all", ["no stop at all"]),
        ("Wait... what?", ["Wait...", "what?"]),
        ("Well. ! ? Fine.", ["Well.!?", "Fine."]),
        ("", []),
    ],
)
def test_split(text: str, expected: list[str]) -> None:
    assert split_sentences(text) == expected


@pytest.fixture(scope="module")
def synthesizer(tmp_path_factory):
    cache = SpeechCache(tmp_path_factory.mktemp("speech"), 100 << 20)
    synthesizer = CachedSynthesizer(Pyttsx3Synthesizer(), cache, VoiceOptions())
    yield synthesizer
    synthesizer.close()


def test_sentences_are_spoken_one_by_one_until_the_whole_is_kept(synthesizer):
    parts = list(speak_sentences(synthesizer, TEXT, keep=True))
    assert len(parts) == 3
    whole = synthesizer.speak(TEXT, keep=True)
    assert sum(part.seconds for part in parts) == pytest.approx(whole.seconds, rel=0.2)
    (again,) = speak_sentences(synthesizer, TEXT, keep=True)
    assert again.wav == whole.wav


def test_what_has_no_words_is_refused(synthesizer):
    with pytest.raises(InputError, match="no words"):
        next(speak_sentences(synthesizer, "...!"))
    with pytest.raises(InputError, match="characters"):
        next(speak_sentences(synthesizer, "a" * 20_001))
