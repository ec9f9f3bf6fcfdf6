"""A room without sound devices: two null sinks of a PulseAudio of our own, and an ear in them."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np

from voice.audio.wav import read_wav
from voice.types import SAMPLE_RATE_HZ, AudioChunk

LOUD: Final = 0.01  # of full scale; less is no sound of speech


class Ear:
    """Records a sink and remembers when the first and the last loud sample came."""

    def __init__(self, sink: str) -> None:
        command = ["parec", "-d", f"{sink}.monitor", f"--rate={SAMPLE_RATE_HZ}", "--channels=1"]
        command += ["--format=s16le", "--latency-msec=10", "--raw"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        self.clear()

    def clear(self) -> None:
        """Forget what was heard."""
        self.first: float | None = None
        self.last: float | None = None

    def __enter__(self) -> Ear:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while data := os.read(self._process.stdout.fileno(), 65_536):
            now = time.monotonic()
            samples = np.abs(np.frombuffer(data[: len(data) // 2 * 2], "<i2") / 32_768)
            loud = np.flatnonzero(samples > LOUD)
            if len(loud):
                seconds = (len(samples) - loud) / SAMPLE_RATE_HZ  # ago
                self.first = self.first or now - float(seconds[0])
                self.last = now - float(seconds[-1])


def speak(text: str, folder: Path) -> AudioChunk:
    """Return flite's speech, at 16 kHz."""
    path = folder / "question.wav"
    subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", str(path)], check=True)
    return read_wav(path.read_bytes())


def play(chunk: AudioChunk) -> None:
    """Play into the room."""
    command = ["paplay", "-d", "room", "--raw", f"--rate={SAMPLE_RATE_HZ}", "--channels=1"]
    command += ["--format=s16le", "--latency-msec=50"]
    subprocess.run(command, input=chunk.pcm + bytes(SAMPLE_RATE_HZ), check=True)


def wait_until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait; raises RuntimeError when it does not happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("no answer came")
        time.sleep(0.01)


@contextmanager
def sound_server(folder: Path) -> Iterator[None]:
    """Run a PulseAudio of our own with the two sinks, and use it in this process."""
    server = folder / "native"
    os.environ.update(HOME=str(folder), XDG_RUNTIME_DIR=str(folder), PULSE_SERVER=f"unix:{server}")
    sinks = [f"module-null-sink sink_name={name}" for name in ("speaker", "room")]
    modules = [*sinks, f"module-native-protocol-unix socket={server} auth-anonymous=1"]
    command = ["pulseaudio", "--daemonize=no", "--exit-idle-time=-1", "-n"]
    command += [part for module in modules for part in ("-L", module)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as pulseaudio:
        wait_until(server.exists)
        subprocess.run(["pactl", "set-default-sink", "speaker"], check=True)
        subprocess.run(["pactl", "set-default-source", "room.monitor"], check=True)
        try:
            yield
        finally:
            pulseaudio.terminate()
