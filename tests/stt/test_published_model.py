"""A published Vosk model, the small Korean one: checked, found, loaded, streaming."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from voice.audio.decoder import AudioDecoder
from voice.cli.app import run
from voice.doctor import EXAMINATIONS
from voice.doctor.check import Patient
from voice.models.check import check_model
from voice.models.find import find_vosk_model
from voice.opening import open_assistant
from voice.settings import Settings
from voice.stt import hearing_advice, open_recognizer, recognize
from voice.stt.protocol import Recognizer
from voice.tts.protocol import VoiceOptions
from voice.tts.pyttsx3 import Pyttsx3Synthesizer
from voice.types import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, AudioChunk

pytestmark = pytest.mark.slow
FAQ = Path(__file__).parents[1] / "fixtures" / "faq" / "shop-ko.yaml"
QUESTION = "배송은 얼마나 걸리나요?"
STEP = SAMPLE_RATE_HZ * BYTES_PER_SAMPLE // 4  # a quarter of a second
DEADLINE_SECONDS = 60


@pytest.fixture(scope="module")
def settings(korean_model: Path) -> Settings:
    """Return settings whose models folder holds the Korean model."""
    return Settings(home=korean_model.parents[1], faq=FAQ)


@pytest.fixture(scope="module")
def spoken() -> bytes:
    """Return the question in Korean as eSpeak says it, as WAV."""
    synthesizer = Pyttsx3Synthesizer()
    try:
        return synthesizer.synthesize(QUESTION, VoiceOptions(locale="ko-KR"), 60).wav
    finally:
        synthesizer.close()


@pytest.fixture(scope="module")
def question(spoken: bytes) -> AudioChunk:
    """Return the question as a recognizer takes it."""
    decoder = AudioDecoder()
    try:
        decoder.start()
        return decoder.decode(spoken)
    finally:
        decoder.close()


@pytest.fixture(scope="module")
def recognizer(settings: Settings) -> Iterator[Recognizer]:
    """Return the recognizer that the settings find for a Korean FAQ."""
    recognizer = open_recognizer(settings, "ko-KR", lambda: [])
    yield recognizer
    recognizer.close()


def test_it_is_found_and_whole(settings, capsys):
    folder = find_vosk_model(settings, "ko-KR")
    assert folder == find_vosk_model(settings, "ko") == settings.models_folder / folder.name
    report = check_model(folder)
    assert (report.ok, report.kind, report.faults) == (True, "vosk", ())
    assert report.details["graph"] == "dynamic"
    assert run(["models", "check", str(folder)]) == 0
    assert folder.name in capsys.readouterr().out


def test_it_is_what_the_doctor_finds(settings, recognizer):
    assert recognizer.name == "vosk"
    assert hearing_advice(settings, "ko-KR") is None
    patient = Patient(settings)
    assert {check.state for check in EXAMINATIONS["FAQ"](patient)} == {"ok"}
    (check,) = EXAMINATIONS["recognizer"](patient)
    assert (check.state, check.mend) == ("ok", "")
    assert "vosk-model-small-ko-0.22" in check.detail


def test_words_come_while_it_is_spoken_and_are_the_same_each_time(recognizer, question):
    first, second = (hear(recognizer, question) for _ in range(2))
    assert first == second
    partials, transcript = first
    shown = [partial for partial in dict.fromkeys(partials) if partial]
    assert len(shown) >= 2, "words must come before the end"
    assert is_korean(shown[-1])
    assert is_korean(transcript.text)
    assert transcript.hypotheses[0].text == transcript.text
    assert transcript.audio_seconds == pytest.approx(question.seconds, abs=0.01)


def test_silence_is_nothing(recognizer):
    silence = AudioChunk(bytes(STEP * 4))
    assert recognize(recognizer, silence, deadline_seconds=DEADLINE_SECONDS).text == ""


def test_a_spoken_question_goes_all_the_way(settings, spoken, monkeypatch):
    monkeypatch.setattr("voice.deadlines.AUDIO_BASE_SECONDS", DEADLINE_SECONDS)  # busy machines
    assistant = open_assistant(settings, speaking=False)
    try:
        assert assistant.problems == ()
        reply = assistant.listen(spoken)
        assert reply.status in ("answer", "clarify", "unknown")  # synthetic: heard as it may be
        assert is_korean(reply.transcript.text)
    finally:
        assistant.close()


def hear(recognizer: Recognizer, chunk: AudioChunk):
    """Return the partials and the transcript of a clip that comes in pieces."""
    stream = recognizer.stream(DEADLINE_SECONDS)
    try:
        pieces = [chunk.pcm[at : at + STEP] for at in range(0, len(chunk.pcm), STEP)]
        return [stream.accept(AudioChunk(piece)) for piece in pieces], stream.finish()
    finally:
        stream.close()


def is_korean(text: str) -> bool:
    return any("가" <= char <= "힣" for char in text)
