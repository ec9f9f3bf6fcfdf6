from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from voice.audio.wav import write_wav
from voice.server.schemas import REPLY
from voice.types import AudioChunk

KNOWN = "Why does my back crack when I do a back bend?"
ENTRY = "back-bend-crack"
UNKNOWN = "Seven, six, five, four."


@pytest.fixture(scope="module")
def clips(voice, home) -> Path:
    """Return a folder with questions spoken by the program itself, and worse files."""
    speaking = {"VOICE_TTS": "auto"}
    assert voice("say", "--out", "known.ogg", KNOWN, **speaking).code == 0
    assert voice("say", "--out", "unknown.wav", UNKNOWN, **speaking).code == 0
    (home / "silence.wav").write_bytes(write_wav(AudioChunk(bytes(32_000))))
    (home / "text.wav").write_text("this is no audio")
    (home / "empty.wav").write_bytes(b"")
    return home


@pytest.fixture
def hearing(vosk_tiny):
    return {"VOICE_STT": "vosk", "VOICE_VOSK_MODEL": str(vosk_tiny)}


FILES = [
    "known.ogg",
    "text.wav",
    "silence.wav",
    "nowhere.wav",
    "empty.wav",
    ".",
    "-",
    "unknown.wav",
]
OUTCOMES = [
    "answer",
    "bad_audio",
    "no_input",
    "unreadable",
    "empty_audio",
    "unreadable",
    "answer",
    "unknown",
]


def test_each_file_has_its_line_in_order(voice, clips, hearing):
    given = (clips / "known.ogg").read_bytes()
    done = voice("listen", "--json", *FILES, given=given, **hearing)
    assert (done.code, done.err) == (2, "")
    bodies = [json.loads(line) for line in done.out.splitlines()]
    assert [body["file"] for body in bodies] == FILES
    found = [body["error"]["code"] if "error" in body else body["status"] for body in bodies]
    assert found == OUTCOMES
    fields = set(REPLY["properties"])
    assert {frozenset(body) for body in bodies} == {
        frozenset({"file", "error"}),
        frozenset({"file", *fields}),
    }
    assert bodies[0]["answer"]["entry_id"] == ENTRY
    assert bodies[0]["transcript"]["engine"] == "vosk"


@pytest.mark.parametrize(
    ("file", "code", "out"),
    [("known.ogg", 0, "facet joints"), ("silence.wav", 1, ""), ("text.wav", 2, "")],
)
def test_a_single_file(here, clips, hearing, file, code, out):
    done = here("listen", file, **hearing)
    assert done.code == code
    assert out in done.out
    assert done.err.startswith(f"voice: {file}: " if code == 2 else "")
    assert len((done.out + done.err).splitlines()) == 1


def test_several_files_in_words_have_a_line_each(here, clips, hearing):
    done = here("listen", "known.ogg", "text.wav", "silence.wav", **hearing)
    assert (done.code, done.err) == (2, "")
    known, text, silence = done.out.splitlines()
    assert known.startswith("known.ogg: Your back can crack")
    assert text.startswith("text.wav: error: ")
    assert silence.startswith("silence.wav: ")


def test_a_batch_in_which_nothing_is_known_is_no_error(here, clips, hearing):
    assert here("listen", "silence.wav", "silence.wav", **hearing).code == 0


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"VOICE_STT": "off"}, "cannot hear: the setting stt is off"),
        ({"VOICE_STT": "vosk", "VOICE_VOSK_MODEL": "nowhere"}, "is not there"),
    ],
)
def test_what_cannot_be_heard_is_one_line(here, clips, settings, why):
    done = here("listen", "known.ogg", **settings)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("voice: cannot hear: ")
    assert why in done.err
    assert done.err.count("\n") == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_ctrl_c_while_children_start_ends_all_without_a_word(program, environment, hearing):
    started = subprocess.Popen(
        [*program, "listen", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment, **hearing},
        start_new_session=True,
    )
    children: list[psutil.Process] = []
    while not children and started.poll() is None:
        children = psutil.Process(started.pid).children(recursive=True)
    os.killpg(started.pid, signal.SIGINT)  # as a terminal does it: to all of its group
    out, err = started.communicate(timeout=20)
    assert (started.returncode, out, err) == (130, b"", b"")
    assert not psutil.wait_procs(children, timeout=10)[1]
