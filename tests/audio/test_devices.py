"""Devices by number or name, where there are none and where PulseAudio has two."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from voice.audio.devices import find_device, list_devices
from voice.audio.microphone import Microphone, MicrophoneGoneError
from voice.errors import SetupError


@pytest.fixture
def no_sound(monkeypatch, tmp_path):
    if sys.platform != "linux" or any(Path("/proc/asound").glob("card*")):
        pytest.skip("this machine has sound")
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.mark.usefixtures("no_sound")
@pytest.mark.parametrize("kind", ["microphone", "loudspeaker"])
def test_a_machine_without_sound(kind, capfd):
    assert list_devices(kind) == []
    with pytest.raises(SetupError, match=f"no {kind} was found; connect one"):
        find_device(kind, None)
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("no_sound")
def test_a_microphone_that_is_not_there_may_come_yet():
    with pytest.raises(MicrophoneGoneError), Microphone():
        pass
