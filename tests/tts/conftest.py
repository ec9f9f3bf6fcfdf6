"""The real synthesizer, once for all tests that only speak, and for each test that breaks it."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable, Iterator

import numpy as np
import psutil
import pytest

from voice.tts.pyttsx3 import Pyttsx3Synthesizer
from voice.types import Speech

ANSWER = (
    "While injuries are not common, it is possible to hurt yourself by using too much force when "
    "cracking your back, or doing it too often. This can cause too much wear and tear on your "
    "joints, leading to strain, swelling, and even breakdown. It can also damage the soft tissue "
    "of the joints, so be gentle, and stop at once when it hurts you."
)  # 62 words


@pytest.fixture(scope="session")
def answer() -> str:
    """Return an answer of about sixty words."""
    return ANSWER


@pytest.fixture(scope="session")
def synthesizer() -> Iterator[Pyttsx3Synthesizer]:
    """Return a synthesizer that no test may break."""
    synthesizer = Pyttsx3Synthesizer()
    yield synthesizer
    synthesizer.close()


@pytest.fixture
def own_synthesizer(children: Callable[[], set[psutil.Process]]) -> Iterator[Pyttsx3Synthesizer]:
    """Return a synthesizer for this test alone."""
    synthesizer = Pyttsx3Synthesizer()
    yield synthesizer
    synthesizer.close()


@pytest.fixture
def children() -> Callable[[], set[psutil.Process]]:
    """Return a finder of the worker children that were started since the test began."""

    def find() -> set[psutil.Process]:
        return {
            child
            for child in psutil.Process().children()
            if child.is_running() and "voice.worker.child" in " ".join(child.cmdline())
        }

    before = find()
    return lambda: find() - before


@pytest.fixture(scope="session")
def samples() -> Callable[[Speech], np.ndarray]:
    """Return a reader of a speech's samples, as float in -1 to 1, by Python's own `wave`."""

    def read(speech: Speech) -> np.ndarray:
        with wave.open(io.BytesIO(speech.wav)) as file:
            assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
            assert file.getnframes() / file.getframerate() == pytest.approx(speech.seconds)
            return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768

    return read
