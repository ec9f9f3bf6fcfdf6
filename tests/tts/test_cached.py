import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import psutil
import pytest

from voice.errors import EngineError, InputError
from voice.tts.cache import SpeechCache
from voice.tts.cached import CachedSynthesizer
from voice.tts.protocol import VoiceInfo, VoiceOptions
from voice.tts.pyttsx3 import Pyttsx3Synthesizer
from voice.tts.wav import wav_of
from voice.types import AudioChunk, Speech


class ScriptedEngine:
    """An engine that notes what it is asked for and takes the time it is told to."""

    name, version = "scripted", "1"

    def __init__(self, seconds: float = 0.0, **seconds_of: float) -> None:
        self.seconds = seconds
        self.seconds_of = seconds_of
        self.said: list[tuple[str, VoiceOptions]] = []
        self.beside: dict[str, set[str]] = {}  # what was being said when the key began
        self.running: set[str] = set()
        self.closed = False

    def synthesize(self, text: str, options: VoiceOptions, deadline_seconds: float) -> Speech:
        self.said.append((text, options))
        self.beside[text] = set(self.running)
        self.running.add(text)
        time.sleep(self.seconds_of.get(text, self.seconds))
        self.running.remove(text)
        if text == "broken":
            raise EngineError("it broke")
        return Speech(wav_of(AudioChunk(text.encode() * 2, 1000)), len(text) / 1000)

    def voices(self) -> list[VoiceInfo]:
        return [VoiceInfo("a", ("en",), "scripted")]

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def cache(tmp_path: Path) -> SpeechCache:
    return SpeechCache(tmp_path / "speech", 50 << 20)


def made_by(engine: ScriptedEngine, cache: SpeechCache | None) -> CachedSynthesizer:
    return CachedSynthesizer(engine, cache, VoiceOptions("en-us+f3", "en", 165, 0.8))


def test_only_what_is_to_be_kept_is_kept(cache: SpeechCache, tmp_path: Path) -> None:
    engine = ScriptedEngine()
    synthesizer = made_by(engine, cache)
    first = synthesizer.speak("an answer", keep=True)
    again = synthesizer.speak("an answer", keep=True)
    assert (first.wav, first.seconds) == (again.wav, again.seconds)
    assert (first.cached, again.cached) == (False, True)
    assert len(engine.said) == 1
    assert not synthesizer.speak("a caller's words").cached
    assert not synthesizer.speak("a caller's words").cached
    assert synthesizer.speak("an answer").cached  # whoever says what is kept gets it
    assert len(list((tmp_path / "speech").iterdir())) == 1
    assert made_by(ScriptedEngine(), cache).speak("an answer", keep=True).cached


def test_text_is_prepared_in_its_language() -> None:
    engine = ScriptedEngine()
    synthesizer = made_by(engine, None)
    synthesizer.speak("**5 mg** 😀", keep=True)
    synthesizer.speak("20 %", locale="de-AT")
    assert [text for text, _ in engine.said] == ["5 milligrams", "20 Prozent"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, VoiceOptions("en-us+f3", "en", 165, 0.8)),
        ({"locale": "en-GB"}, VoiceOptions("en-us+f3", "en-GB", 165, 0.8)),
        ({"locale": "de"}, VoiceOptions(None, "de", 165, 0.8)),
        ({"locale": "de", "voice": "x"}, VoiceOptions("x", "de", 165, 0.8)),
        ({"rate": 99, "volume": 0.0}, VoiceOptions("en-us+f3", "en", 99, 0.0)),
    ],
)
def test_what_is_not_given_is_as_the_defaults_say(
    given: dict[str, object], expected: VoiceOptions
) -> None:
    engine = ScriptedEngine()
    made_by(engine, None).speak("hello", **given)
    assert engine.said == [("hello", expected)]


@pytest.mark.parametrize("text", ["", "...", "😀", " \0", "-", "a" * 20_001])
def test_what_has_no_words_is_refused(text: str) -> None:
    engine = ScriptedEngine()
    with pytest.raises(InputError):
        made_by(engine, None).speak(text)
    assert not engine.said


@pytest.mark.parametrize("keep", [True, False])
def test_callers_of_the_same_text_share_one_synthesis(cache: SpeechCache, keep: bool) -> None:
    engine = ScriptedEngine(0.1)
    synthesizer = made_by(engine, cache)
    with ThreadPoolExecutor(10) as threads:
        spoken = list(threads.map(lambda _: synthesizer.speak("hello", keep=keep), range(10)))
    assert len(engine.said) == 1
    assert len({speech.wav for speech in spoken}) == 1


def test_a_damaged_entry_is_spoken_again(cache: SpeechCache, tmp_path: Path) -> None:
    synthesizer = made_by(ScriptedEngine(), cache)
    first = synthesizer.speak("hello", keep=True)
    (entry,) = (tmp_path / "speech").iterdir()
    entry.write_bytes(entry.read_bytes()[:50])
    again = synthesizer.speak("hello", keep=True)
    assert (again.wav, again.cached) == (first.wav, False)
    assert synthesizer.speak("hello", keep=True).cached


def test_answers_are_warmed_in_the_background(cache: SpeechCache) -> None:
    engine = ScriptedEngine(0.02)
    synthesizer = made_by(engine, cache)
    synthesizer.warm(f"answer {number}" for number in range(5))
    while len(engine.said) < 5:
        time.sleep(0.01)
    time.sleep(0.05)
    assert synthesizer.speak("answer 4", keep=True).cached
    synthesizer.close()
    assert engine.closed


def test_nothing_is_warmed_while_a_caller_waits(cache: SpeechCache) -> None:
    engine = ScriptedEngine(0.01, caller=0.3)
    synthesizer = made_by(engine, cache)
    synthesizer.warm(f"answer {number}" for number in range(500))
    synthesizer.speak("caller")
    while len(engine.said) < 20:
        time.sleep(0.01)
    synthesizer.close()
    assert sum("caller" in beside for beside in engine.beside.values()) <= 1


def test_nothing_is_warmed_without_a_cache() -> None:
    engine = ScriptedEngine()
    synthesizer = made_by(engine, None)
    synthesizer.warm(["hello"])
    time.sleep(0.05)
    assert not engine.said


def test_a_broken_engine_is_told_to_the_caller(cache: SpeechCache) -> None:
    synthesizer = made_by(ScriptedEngine(), cache)
    with pytest.raises(EngineError, match="it broke"):
        synthesizer.speak("broken", keep=True)
    assert synthesizer.speak("hello", keep=True)


# --- with the real engine


def test_the_first_caller_after_the_start_gets_a_cached_answer(
    own_synthesizer: Pyttsx3Synthesizer, cache: SpeechCache, answer: str
) -> None:
    synthesizer = CachedSynthesizer(own_synthesizer, cache, VoiceOptions())
    synthesizer.warm([answer])
    end = time.monotonic() + 5
    while "warm-speech" in {thread.name for thread in threading.enumerate()}:
        assert time.monotonic() < end
        time.sleep(0.01)
    times = []
    for _ in range(21):
        start = time.perf_counter()
        speech = synthesizer.speak(answer, keep=True)
        times.append(time.perf_counter() - start)
        assert speech.cached
        assert speech.seconds > 15
    assert median(times) < 0.01  # 0.002 where nothing else runs: benchmarks/speaking.py


def test_a_full_disk_does_not_stop_speech(
    own_synthesizer: Pyttsx3Synthesizer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = SpeechCache(tmp_path / "file", 1 << 20)
    synthesizer = CachedSynthesizer(own_synthesizer, cache, VoiceOptions())
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert synthesizer.speak("hello", keep=True).seconds > 0.2
    assert len(caplog.records) == 1


def test_close_while_warming_leaves_no_child(
    own_synthesizer: Pyttsx3Synthesizer,
    cache: SpeechCache,
    children: Callable[[], set[psutil.Process]],
    answer: str,
) -> None:
    synthesizer = CachedSynthesizer(own_synthesizer, cache, VoiceOptions())
    synthesizer.warm(f"{answer} {number}" for number in range(1000))
    time.sleep(0.1)
    synthesizer.close()
    assert not children()


def test_a_process_that_is_killed_leaves_no_child(tmp_path: Path) -> None:
    code = """
import os, signal, psutil
from voice.tts.pyttsx3 import Pyttsx3Synthesizer
synthesizer = Pyttsx3Synthesizer()
print(psutil.Process().children()[0].pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, timeout=30, check=False
    )
    pid = int(done.stdout)
    end = time.monotonic() + 3
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end
        time.sleep(0.02)
