"""A room with a microphone and a loudspeaker that exist in PulseAudio only: two null sinks."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from voice.audio.wav import write_wav
from voice.types import AudioChunk

ROOT = Path(__file__).parents[1]
RATE_HZ = 16_000


class Studio:
    """The sound server of one test, its devices, and what goes through them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        server = folder / "native"
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_SERVER": f"unix:{server}",
        }
        protocol = f"module-native-protocol-unix socket={server} auth-anonymous=1"
        command = ["pulseaudio", "--daemonize=no", "--exit-idle-time=-1", "-n", "-L", protocol]
        self._server = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)
        self._others: list[subprocess.Popen[bytes]] = []
        deadline = time.monotonic() + 20
        while not server.exists():
            if self._server.poll() is not None or time.monotonic() > deadline:
                self.close()
                pytest.skip("pulseaudio does not start here")
            time.sleep(0.05)

    def pactl(self, *arguments: str) -> str:
        done = subprocess.run(
            ["pactl", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        return done.stdout.strip()

    def plug(self, name: str, rate_hz: int = 48_000) -> str:
        """Add a sink; its monitor is a microphone. Return what `unplug` takes."""
        description = f"device.description={name}"
        return self.pactl(
            "load-module",
            "module-null-sink",
            f"sink_name={name}",
            f"rate={rate_hz}",
            f"sink_properties={description}",
        )

    def unplug(self, module: str) -> None:
        self.pactl("unload-module", module)

    def plug_both(self) -> None:
        """Make the sinks "speaker" and "room", whose monitor is the microphone."""
        self.plug("speaker")
        self.plug("room")
        self.pactl("set-default-sink", "speaker")
        self.pactl("set-default-source", "room.monitor")

    def play(self, chunk: AudioChunk, *, wait: bool = True) -> None:
        """Play into the room, as a person there would speak."""
        path = self.folder / f"played{len(self._others)}.wav"
        path.write_bytes(write_wav(chunk))
        command = ["paplay", "-d", "room", "--latency-msec=50", str(path)]
        player = subprocess.Popen(command, env=self.environment)
        self._others.append(player)
        if wait:
            player.wait(60)

    def record(self, sink: str = "speaker") -> Callable[[], AudioChunk]:
        """Record what a sink plays; the function returned ends that and gives it."""
        path = self.folder / f"recorded{len(self._others)}"
        command = ["parec", "-d", f"{sink}.monitor", f"--rate={RATE_HZ}", "--channels=1"]
        command += ["--format=s16le", "--latency-msec=20", str(path), "--raw"]
        recorder = subprocess.Popen(command, env=self.environment)
        self._others.append(recorder)
        self.wait_for(lambda: path.exists() and path.stat().st_size > 0)

        def stop() -> AudioChunk:
            recorder.terminate()
            recorder.wait(10)
            data = path.read_bytes()
            return AudioChunk(data[: len(data) // 2 * 2])

        return stop

    def wait_for(self, condition: Callable[[], object], seconds: float = 30.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.05)

    def is_heard(self) -> bool:
        """Return whether a program uses a microphone."""
        outputs = self.pactl("list", "source-outputs")
        return 'application.name = "voice"' in outputs

    def close(self) -> None:
        for process in (*self._others, self._server):
            process.terminate()
        for process in (*self._others, self._server):
            process.wait(10)


class Program:
    """`voice listen`, running, with a keyboard of its own where it is to have one."""

    def __init__(
        self, studio: Studio, arguments: list[str], settings: dict[str, str], *, keys: bool
    ) -> None:
        environment = {**studio.environment, **settings, "PYTHONPATH": str(ROOT)}
        self._keyboard, keyboard = os.openpty() if keys else (None, subprocess.DEVNULL)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "voice", "listen", "--json", *arguments],
            env=environment,
            cwd=studio.folder,
            stdin=keyboard,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if keys:
            os.close(keyboard)
        self._replies: queue.Queue[dict[str, Any]] = queue.Queue()
        self.notices: list[str] = []
        for work in (self._read_replies, self._read_notices):
            threading.Thread(target=work, daemon=True).start()

    def _read_replies(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._replies.put(json.loads(line))

    def _read_notices(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.notices.append(line.decode().strip())

    def reply(self, seconds: float = 30.0) -> dict[str, Any]:
        """Return the next reply."""
        try:
            return self._replies.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"no reply came; notices: {self.notices}") from None

    def has_no_reply(self, seconds: float) -> bool:
        try:
            self._replies.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def press(self, key: str) -> None:
        assert self._keyboard is not None
        os.write(self._keyboard, key.encode())

    def runs(self) -> bool:
        return self._process.poll() is None

    def wait(self, seconds: float = 30.0) -> int:
        return self._process.wait(seconds)

    def interrupt(self) -> int:
        """Press Ctrl-C and return the exit code."""
        self._process.send_signal(signal.SIGINT)
        return self.wait()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        if self._keyboard is not None:
            os.close(self._keyboard)
        for pipe in (self._process.stdout, self._process.stderr):
            assert pipe is not None
            pipe.close()
