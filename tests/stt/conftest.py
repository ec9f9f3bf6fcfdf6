"""Recorded speech, and recognizers that are opened once for all tests that only listen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from voice.audio.decoder import AudioDecoder
from voice.faq.readers import read_faq
from voice.paths import shipped
from voice.phrases import load_phrases
from voice.settings import Settings
from voice.stt import open_recognizer
from voice.stt.protocol import Recognizer
from voice.types import AudioChunk

SPEECH = Path(__file__).parents[1] / "fixtures" / "speech"


@pytest.fixture(scope="session")
def speech() -> dict[str, AudioChunk]:
    """Return the recordings of tests/fixtures/speech by name."""
    decoder = AudioDecoder()
    try:
        return {path.stem: decoder.decode(path.read_bytes()) for path in SPEECH.glob("*.flac")}
    finally:
        decoder.close()


@pytest.fixture(scope="session")
def phrases() -> tuple[str, ...]:
    """Return what is listened for: the shipped FAQ's wording and the commands."""
    faq = read_faq(shipped("data", "faq", "back-cracking.yaml"))
    return (*faq.phrases, *load_phrases("en-US").spoken_wordings())


@pytest.fixture(scope="session")
def open_engine(
    tmp_path_factory: pytest.TempPathFactory, phrases: tuple[str, ...]
) -> Callable[..., Recognizer]:
    """Return an opener of recognizers that share one home."""
    home = tmp_path_factory.mktemp("home")

    def open_engine(**settings: object) -> Recognizer:
        return open_recognizer(Settings(home=home, **settings), "en-US", lambda: phrases)

    return open_engine


@pytest.fixture(scope="session")
def vosk_recognizer(
    open_engine: Callable[..., Recognizer], vosk_tiny: Path
) -> Iterator[Recognizer]:
    recognizer = open_engine(stt="vosk", vosk_model=vosk_tiny)
    yield recognizer
    recognizer.close()


@pytest.fixture(scope="session")
def sphinx_recognizer(open_engine: Callable[..., Recognizer]) -> Iterator[Recognizer]:
    recognizer = open_engine(stt="pocketsphinx", language_model="faq")
    yield recognizer
    recognizer.close()


@pytest.fixture(params=["vosk_recognizer", "sphinx_recognizer"])
def recognizer(request: pytest.FixtureRequest) -> Recognizer:
    """Return each engine in turn."""
    found: Recognizer = request.getfixturevalue(request.param)
    return found
