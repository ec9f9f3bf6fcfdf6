import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
from rapidfuzz.distance import Levenshtein

from voice.errors import DeadlineError, EngineError, InputError
from voice.tts.protocol import VoiceOptions
from voice.tts.pyttsx3 import Pyttsx3Synthesizer
from voice.types import Speech

ROOT = Path(__file__).parents[2]
QUESTIONS = [
    "Why does my back crack when I do a back bend?",
    "Is it bad to crack your back by bending backwards?",
    "Does laying down decompress your spine?",
]
ODD_TEXTS = {
    "NUL": "before\0after",
    "lone surrogate": "before\ud800after",
    "emoji": "hello 😀👍🏽",
    "SSML": "<speak>hi <break time='9s'/> you</speak>",
    "right to left": "שלום עולם، مرحبا بالعالم",
    "long word": "a" * 5000,
    "digits": "1234567890" * 500,
    "printf": "%s%n%d" * 100,
    "marks": "e" + "\u0301" * 5000,
    "phonemes": "[[h@'loU]] {x}",
    "signs": "!@#$%^&*()_+|" * 100,
    "noncharacters": "a\ufffe\uffff\U0010ffffb",
}
Children = Callable[[], set[psutil.Process]]
Samples = Callable[[Speech], np.ndarray]


def speak(synthesizer: Pyttsx3Synthesizer, text: str, **options: object) -> Speech:
    return synthesizer.synthesize(text, VoiceOptions(**options), 20.0)


def rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def test_speech_is_whole_and_as_long_as_its_words(
    synthesizer: Pyttsx3Synthesizer, samples: Samples, answer: str
) -> None:
    speech = speak(synthesizer, answer)
    words_a_minute = len(answer.split()) / speech.seconds * 60
    assert 140 < words_a_minute < 220
    assert rms(samples(speech)) > 0.02
    assert not speech.cached


def test_texts_rates_and_loudness_differ(
    synthesizer: Pyttsx3Synthesizer, samples: Samples, answer: str
) -> None:
    usual = speak(synthesizer, answer)
    assert speak(synthesizer, "Something else.").seconds < usual.seconds / 5
    assert speak(synthesizer, answer, rate=330).seconds < usual.seconds * 0.6
    assert speak(synthesizer, answer, rate=90).seconds > usual.seconds * 1.5
    quiet = speak(synthesizer, answer, volume=0.2)
    assert rms(samples(quiet)) < rms(samples(usual)) / 2
    assert speak(synthesizer, answer).seconds == pytest.approx(usual.seconds, rel=0.02)


@pytest.mark.parametrize("locale", ["de", "fr-FR", "es", "en-GB", "ar", "ja"])
def test_many_languages_speak(
    synthesizer: Pyttsx3Synthesizer, samples: Samples, locale: str
) -> None:
    speech = speak(synthesizer, "Radio 2000, Hotel Paris.", locale=locale)
    assert 1.0 < speech.seconds < 8.0
    assert rms(samples(speech)) > 0.02


def test_a_voice_is_chosen_by_name(synthesizer: Pyttsx3Synthesizer, samples: Samples) -> None:
    usual = samples(speak(synthesizer, QUESTIONS[0]))
    for name in ("de", "en-us+f3", "+whisper"):
        other = samples(speak(synthesizer, QUESTIONS[0], voice=name))
        assert not np.array_equal(usual[:5000], other[:5000])


def test_a_new_voice_keeps_the_rate(own_synthesizer: Pyttsx3Synthesizer, answer: str) -> None:
    slow = speak(own_synthesizer, answer, rate=90, voice="en-us").seconds
    speak(own_synthesizer, answer, rate=90, voice="de")
    assert speak(own_synthesizer, answer, rate=90, voice="en-us").seconds == pytest.approx(
        slow, 0.02
    )


def test_every_change_counts_at_once(own_synthesizer: Pyttsx3Synthesizer) -> None:
    text = "one two three four five six seven eight"
    rates = [90, 330] * 20
    spoken = [speak(own_synthesizer, text, rate=rate).seconds for rate in rates]
    assert spoken == pytest.approx(spoken[:2] * 20, rel=0.05)
    assert spoken[0] > 2 * spoken[1]


@pytest.mark.parametrize("question", QUESTIONS)
def test_speech_is_recognized_back(
    synthesizer: Pyttsx3Synthesizer, samples: Samples, vosk_tiny: Path, question: str
) -> None:
    import json

    import vosk

    vosk.SetLogLevel(-1)
    speech = speak(synthesizer, question)
    recognizer = vosk.KaldiRecognizer(vosk.Model(model_path=str(vosk_tiny)), 22050)
    sound = (samples(speech) * 32767).astype("<i2").tobytes()
    recognizer.AcceptWaveform(bytes(2 * 7000) + sound + bytes(2 * 18000))
    heard = json.loads(recognizer.FinalResult())["text"].split()
    said = question.lower().rstrip("?").split()
    assert Levenshtein.distance(said, heard) / len(said) < 0.2


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_odd_text_is_spoken_in_bounded_time(synthesizer: Pyttsx3Synthesizer, text: str) -> None:
    start = time.monotonic()
    assert speak(synthesizer, text).seconds > 0
    assert time.monotonic() - start < 5.0


@pytest.mark.slow
@pytest.mark.parametrize("text", ["The back cracks. " * 1170, "bcdfgh" * 3333])
def test_the_longest_text_is_spoken(synthesizer: Pyttsx3Synthesizer, text: str) -> None:
    start = time.monotonic()
    assert speak(synthesizer, text[:20_000]).seconds > 100
    assert time.monotonic() - start < 15.0


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", {}, "nothing to say"),
        (" \n\0\ud800", {}, "nothing to say"),
        ("a" * 20_001, {}, "over 20,000 characters"),
        ("hi", {"voice": "nobody"}, "there is no voice 'nobody'"),
        ("hi", {"locale": "xx"}, "no voice here speaks 'xx'"),
        ("hi", {"rate": 59}, "rate must be 60 to 400"),
        ("hi", {"rate": 401}, "rate must be 60 to 400"),
        ("hi", {"volume": 1.1}, "volume must be 0 to 1"),
        ("hi", {"volume": float("nan")}, "volume must be 0 to 1"),
    ],
)
def test_what_cannot_be_spoken_is_said(
    synthesizer: Pyttsx3Synthesizer, text: str, options: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        speak(synthesizer, text, **options)


def test_many_threads_get_each_their_own(synthesizer: Pyttsx3Synthesizer) -> None:
    texts = ["word " * count for count in (2, 40, 5, 30, 10, 20)]
    alone = [speak(synthesizer, text).seconds for text in texts]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(lambda text: speak(synthesizer, text).seconds, texts * 3))
    assert together == pytest.approx(alone * 3, rel=0.05)


def test_waiting_requests_survive_a_killed_child(
    own_synthesizer: Pyttsx3Synthesizer, children: Children, answer: str
) -> None:
    (child,) = children()
    with ThreadPoolExecutor(6) as threads:
        spoken = [threads.submit(speak, own_synthesizer, f"{answer} {n} " * 2) for n in range(6)]
        time.sleep(0.05)
        child.kill()
        assert all(future.result().seconds > 20 for future in spoken)
    assert child not in children()


@pytest.mark.slow
def test_waiting_requests_survive_a_hung_child(
    own_synthesizer: Pyttsx3Synthesizer, children: Children
) -> None:
    (child,) = children()
    child.suspend()
    with ThreadPoolExecutor(3) as threads:
        spoken = [threads.submit(speak, own_synthesizer, f"number {n}") for n in range(3)]
        assert all(future.result().seconds > 0.3 for future in spoken)
    assert not child.is_running()


def test_a_hung_child_is_killed_at_the_deadline(
    own_synthesizer: Pyttsx3Synthesizer, children: Children
) -> None:
    (child,) = children()
    child.suspend()
    start = time.monotonic()
    with pytest.raises(DeadlineError, match=r"speech took longer than 0\.3 s"):
        own_synthesizer.synthesize("hello", VoiceOptions(), 0.3)
    assert time.monotonic() - start < 1.0
    assert not child.is_running()
    assert speak(own_synthesizer, "hello").seconds > 0.2


def test_close_ends_a_text_and_its_child(children: Children) -> None:
    synthesizer = Pyttsx3Synthesizer()
    with ThreadPoolExecutor(1) as threads:
        spoken = threads.submit(speak, synthesizer, "a long text. " * 1000)
        time.sleep(0.1)
        start = time.monotonic()
        synthesizer.close()
        with pytest.raises(EngineError):
            spoken.result()
    assert time.monotonic() - start < 2.0
    assert not children()
    with pytest.raises(EngineError, match="closed"):
        speak(synthesizer, "hello")


def test_files_on_disk_do_where_there_are_none_in_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, children: Children, answer: str
) -> None:
    monkeypatch.delattr(os, "memfd_create", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    synthesizer = Pyttsx3Synthesizer()
    (folder,) = tmp_path.glob("voice-speech-*")
    assert speak(synthesizer, answer).seconds > 10
    assert not list(folder.iterdir())
    folder.rmdir()  # as a cleaner of old temporary files does
    assert speak(synthesizer, answer).seconds > 10
    with ThreadPoolExecutor(1) as threads:
        spoken = threads.submit(speak, synthesizer, answer * 20)
        time.sleep(0.05)
        next(iter(children())).kill()
        assert spoken.result().seconds > 100
    synthesizer.close()
    assert not folder.exists()


def test_the_child_stays_small(
    own_synthesizer: Pyttsx3Synthesizer, children: Children, answer: str
) -> None:
    speak(own_synthesizer, answer)
    (child,) = children()
    assert child.memory_full_info().uss < 25e6
