"""Playing through a loudspeaker that records itself: PulseAudio's null sink."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from voice.audio.player import play
from voice.audio.wav import write_wav
from voice.errors import AudioError, SetupError
from voice.types import AudioChunk

ROOT = Path(__file__).parents[2]
SPEAKER = "module-null-sink sink_name=speaker rate=16000 channels=1"


@pytest.fixture
def no_loudspeaker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    if sys.platform != "linux" or any(Path("/proc/asound").glob("card*")):
        pytest.skip("this machine has a loudspeaker")


@pytest.fixture(scope="module")
def loudspeaker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the environment in which a loudspeaker of the test's own is the only one."""
    if shutil.which("pulseaudio") is None or shutil.which("parec") is None:
        pytest.skip("pulseaudio is not installed")
    folder = tmp_path_factory.mktemp("pulse")
    server = f"{folder}/native"
    environment = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    environment["PULSE_SERVER"] = f"unix:{server}"
    protocol = f"module-native-protocol-unix socket={server} auth-anonymous=1"
    command = ["pulseaudio", "--daemonize=no", "--exit-idle-time=-1", "-n"]
    command += ["-L", SPEAKER, "-L", protocol]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as pulseaudio:
        deadline = time.monotonic() + 20
        while not Path(server).exists():
            if pulseaudio.poll() is not None or time.monotonic() > deadline:
                pytest.skip("pulseaudio does not start here")
            time.sleep(0.05)
        yield environment
        pulseaudio.terminate()


@pytest.fixture
def recording(loudspeaker: dict[str, str], tmp_path: Path) -> Iterator[Callable[[], np.ndarray]]:
    """Return a function that ends the recording of the loudspeaker and gives its samples."""
    path = tmp_path / "heard"
    command = ["parec", "-d", "speaker.monitor", "--rate=16000", "--channels=1"]
    command += ["--format=s16le", "--latency-msec=20"]
    with (
        path.open("wb") as file,
        subprocess.Popen(command, env=loudspeaker, stdout=file) as recorder,
    ):
        deadline = time.monotonic() + 10
        while path.stat().st_size == 0 and time.monotonic() < deadline:
            time.sleep(0.02)  # a null sink plays silence: when some has come, it records

        def stop() -> np.ndarray:
            time.sleep(0.3)
            recorder.terminate()
            recorder.wait(10)
            heard = path.read_bytes()
            return np.frombuffer(heard[: len(heard) // 2 * 2], "<i2") / 32_768

        yield stop
        recorder.kill()


@pytest.mark.slow
def test_sound_is_played_whole(
    monkeypatch: pytest.MonkeyPatch,
    loudspeaker: dict[str, str],
    recording: Callable[[], np.ndarray],
    make_tone: Callable[..., np.ndarray],
    as_chunk: Callable[..., AudioChunk],
) -> None:
    for name in ("PULSE_SERVER", "XDG_RUNTIME_DIR", "HOME"):
        monkeypatch.setenv(name, loudspeaker[name])
    wav = write_wav(AudioChunk(as_chunk(make_tone(22_050, 1.0)).pcm, 22_050))
    started = time.monotonic()
    play(wav)
    assert 1.0 <= time.monotonic() - started < 3.0
    heard = recording()
    loud = np.flatnonzero(np.abs(heard) > 0.05)
    assert 0.99 < (loud[-1] - loud[0]) / 16_000 < 1.5  # gaps come from a busy machine
    assert np.sqrt(2 * np.sum(heard**2) / 16_000) == pytest.approx(0.3, rel=0.05)


@pytest.mark.slow
def test_ctrl_c_stops_at_once(
    loudspeaker: dict[str, str],
    recording: Callable[[], np.ndarray],
    make_tone: Callable[..., np.ndarray],
    as_chunk: Callable[..., AudioChunk],
    tmp_path: Path,
) -> None:
    path = tmp_path / "long.wav"
    path.write_bytes(write_wav(as_chunk(make_tone(seconds=30.0))))
    code = (
        "import sys, pathlib; from voice.audio.player import play\n"
        "wav = pathlib.Path(sys.argv[1]).read_bytes(); print('ready', flush=True)\n"
        "try: play(wav)\nexcept KeyboardInterrupt: sys.exit(130)"
    )
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, cwd=ROOT, env=loudspeaker, stdout=subprocess.PIPE) as player:
        assert player.stdout is not None
        player.stdout.readline()
        time.sleep(1.0)
        player.send_signal(signal.SIGINT)
        started = time.monotonic()
        assert player.wait(10) == 130
        assert time.monotonic() - started < 1.5
    loud = np.flatnonzero(np.abs(recording()) > 0.05)
    assert 0.2 < (loud[-1] - loud[0]) / 16_000 < 2.0


@pytest.mark.usefixtures("no_loudspeaker")
def test_no_loudspeaker_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetupError, match="no loudspeaker was found") as caught:
        play(write_wav(AudioChunk(bytes(3_200))))
    assert "--out" in caught.value.message
    assert capfd.readouterr().err == ""


def test_what_is_no_wav_is_refused() -> None:
    with pytest.raises(AudioError):
        play(b"ID3 is no WAV")
