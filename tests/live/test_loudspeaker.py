"""What goes to the loudspeaker, and what comes back: null sinks again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="PulseAudio is not for Windows"),
]


@pytest.fixture
def run(studio, tmp_path, vosk_tiny):
    """Return a function that starts `voice` with the devices of the studio."""
    running = []

    def start(*arguments: str, **settings: str) -> subprocess.Popen[str]:
        environment = {
            **studio.environment,
            "PYTHONPATH": str(ROOT),
            "VOICE_HOME": str(tmp_path / "home"),
            "VOICE_VOSK_MODEL": str(vosk_tiny),
            **settings,
        }
        running.append(
            subprocess.Popen(
                [sys.executable, "-m", "voice", *arguments],
                env=environment,
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_every_sentence_is_said(studio, run, recognized):
    studio.plug_both()
    heard = studio.record()
    out, err = run("say", "--json", "We open at nine. Dogs are welcome in the garden.").communicate(
        timeout=60
    )
    assert err == ""
    assert 2.0 < json.loads(out)["seconds"] < 6.0
    text = recognized(heard())
    assert "nine" in text
    assert "garden" in text


def test_ctrl_c_stops_the_sound_at_once(studio, run):
    studio.plug_both()
    heard = studio.record()
    process = run("say", "Seven, six, five, four, three, two, one. " * 40)
    studio.wait_for(lambda: 'application.name = "voice"' in studio.pactl("list", "sink-inputs"))
    time.sleep(3.0)
    process.send_signal(signal.SIGINT)
    pressed = time.monotonic()
    assert process.wait(10) == 130
    assert time.monotonic() - pressed < 1.5
    assert process.communicate() == ("", "")
    time.sleep(1.0)
    samples = np.abs(np.frombuffer(heard().pcm, "<i2") / 32_768)
    assert samples[:-16_000].max() > 0.05
    assert samples[-8_000:].max() < 0.01


def test_doctor_hears_itself(studio, run):
    studio.plug("speaker")  # its own monitor is the microphone
    out, _ = run("doctor", "--sound", "--json").communicate(timeout=120)
    found = {row["name"]: row for row in map(json.loads, out.splitlines())}
    assert found["microphone"]["detail"] == "1: Monitor of speaker"
    assert found["loudspeaker"]["detail"] == "1: speaker"
    assert found["sound"]["state"] == "ok", found["sound"]
    assert "the tone came back at -1" in found["sound"]["detail"]
    assert found["loopback"]["state"] == "ok", found["loopback"]
    assert "back" in found["loopback"]["detail"].partition(": ")[2]


def test_doctor_says_when_nothing_is_heard_back(studio, run):
    studio.plug_both()
    out, _ = run("doctor", "--sound", "--json").communicate(timeout=120)
    found = {row["name"]: row for row in map(json.loads, out.splitlines())}
    assert found["sound"]["state"] == "warn"
    assert "does not hear the loudspeaker" in found["sound"]["detail"]


@pytest.mark.parametrize("arguments", [["say", "hello"], ["ask", "--speak", "why crack"]])
def test_no_loudspeaker_is_one_line(run, arguments):
    process = run(*arguments, PULSE_SERVER="unix:/nowhere")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err.startswith("voice: no loudspeaker was found; connect one, or write the speech to")
    assert err.count("\n") == 1
