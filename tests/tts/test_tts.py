import pkgutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

import voice.tts
from voice.errors import SetupError
from voice.settings import Settings
from voice.tts import ENGINES, open_synthesizer

MakeSettings = Callable[..., Settings]


def test_every_engine_can_be_named_in_the_settings() -> None:
    named = get_args(Settings.model_fields["tts"].annotation)
    assert set(named) == {*ENGINES, "off"}


def test_every_engine_has_its_file() -> None:
    files = {module.name for module in pkgutil.iter_modules(voice.tts.__path__)}
    assert set(ENGINES) - {"auto"} <= files


def test_importing_the_room_loads_no_engine() -> None:
    # In a process of its own: another test may have imported the engine here.
    names = [module.name for module in pkgutil.iter_modules(voice.tts.__path__, "voice.tts.")]
    code = f"import sys, {', '.join(names)}; sys.exit('pyttsx3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", ["auto", "pyttsx3"])
def test_an_engine_is_opened_by_name(make_settings: MakeSettings, name: str) -> None:
    synthesizer = open_synthesizer(make_settings(tts=name))
    synthesizer.close()
    assert synthesizer.name == "pyttsx3"
    assert synthesizer.version.startswith("pyttsx3 2.")


def test_the_voice_of_the_settings_is_checked(make_settings: MakeSettings) -> None:
    open_synthesizer(make_settings(voice="en-us+f3")).close()
    with pytest.raises(SetupError, match="setting voice: there is no voice 'en-uss'; did you mean"):
        open_synthesizer(make_settings(voice="en-uss"))


def test_off_is_said(make_settings: MakeSettings) -> None:
    with pytest.raises(SetupError, match="speech is off, as the setting tts says"):
        open_synthesizer(make_settings(tts="off"))


@pytest.mark.parametrize(
    ("package", "reason"),
    [
        ("raise ImportError('no such thing')", "pyttsx3 finds no speech engine: no such thing"),
        ("def init():\n raise RuntimeError('no\\nespeak.')", "pyttsx3 finds no speech engine: no"),
        ("import os\nos._exit(1)", "the speech process ended as it started"),
        ("import os\nos.abort()", "the speech process ended as it started"),
    ],
)
def test_no_speech_here_is_one_line(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    package: str,
    reason: str,
) -> None:
    (tmp_path / "pyttsx3.py").write_text(package, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(SetupError) as raised:
        open_synthesizer(settings)
    assert str(raised.value) == f"no speech here, answers are text only: {reason}"
