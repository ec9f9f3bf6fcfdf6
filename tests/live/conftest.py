"""A sound studio for each test, and what is said and heard in it."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sound_studio import RATE_HZ, Program, Studio

from voice.audio.wav import read_wav
from voice.types import AudioChunk

NEEDED = ("pulseaudio", "pactl", "paplay", "parec", "flite")
FAQ = """\
version: 1
title: Harbor museum
locale: en
entries:
  - id: open
    question: When are you open?
    variants: [what are your opening hours, are you open on sunday]
    answer: We are open every day from ten to five.
  - id: cost
    question: How much is a ticket?
    variants: [what does it cost, what is the price]
    answer: A ticket is nine dollars.
  - id: dogs
    question: Can I bring my dog?
    variants: [are dogs allowed]
    answer: Dogs are welcome in the garden.
"""


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed")
    studio = Studio(tmp_path)
    yield studio
    studio.close()


@pytest.fixture
def start_listening(
    studio: Studio, vosk_tiny: Path, tmp_path: Path
) -> Iterator[Callable[..., Program]]:
    """Return a function that starts `voice listen` and returns when it listens."""
    faq = tmp_path / "museum.yaml"
    faq.write_text(FAQ)
    running: list[Program] = []

    def start(*arguments: str, waits: bool = True, keys: bool = False, **settings: str) -> Program:
        usual = {
            "VOICE_HOME": str(tmp_path / "home"),
            "VOICE_FAQ": str(faq),
            "VOICE_STT": "vosk",
            "VOICE_VOSK_MODEL": str(vosk_tiny),
        }
        program = Program(studio, list(arguments), {**usual, **settings}, keys=keys)
        running.append(program)
        if waits:
            studio.wait_for(lambda: studio.is_heard() or not program.runs())
            time.sleep(2.0)  # a null sink plays up to so much silence before it wakes
        return program

    yield start
    for program in running:
        program.close()


@pytest.fixture(scope="session")
def say(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., AudioChunk]:
    """Return a speaker of sentences, with pauses in seconds between them."""
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed")
    folder = tmp_path_factory.mktemp("said")

    def say(*parts: str | float, voice: str = "slt") -> AudioChunk:
        pcm = b""
        for part in parts:
            if isinstance(part, str):
                path = folder / f"{voice} {part}.wav"
                if not path.exists():
                    command = ["flite", "-voice", voice, "-t", part, "-o", str(path)]
                    subprocess.run(command, check=True, timeout=30)
                pcm += read_wav(path.read_bytes()).pcm
            else:
                pcm += bytes(int(part * RATE_HZ) * 2)
        return AudioChunk(pcm, RATE_HZ)

    return say


@pytest.fixture(scope="session")
def recognized(vosk_tiny: Path) -> Callable[[AudioChunk], str]:
    """Return a function that gives the text of recorded speech."""
    from voice.audio.gate import SpeechGate
    from voice.stt import recognize
    from voice.stt.vosk import VoskRecognizer

    recognizer = VoskRecognizer(vosk_tiny)

    def text(chunk: AudioChunk) -> str:
        speech = SpeechGate().cut(chunk)
        return recognize(recognizer, speech, deadline_seconds=60).text if speech else ""

    return text


@pytest.fixture(scope="session")
def loudness() -> Callable[[AudioChunk], float]:
    def level(chunk: AudioChunk) -> float:
        samples = np.frombuffer(chunk.pcm, "<i2") / 32_768
        return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0

    return level


@pytest.fixture(scope="session")
def louder() -> Callable[[AudioChunk, float], AudioChunk]:
    """Return a function that makes sound so many times louder, as far as that goes."""

    def louder(chunk: AudioChunk, times: float) -> AudioChunk:
        samples = np.clip(np.frombuffer(chunk.pcm, "<i2") * times, -32_768, 32_767)
        return AudioChunk(samples.astype("<i2").tobytes())

    return louder
