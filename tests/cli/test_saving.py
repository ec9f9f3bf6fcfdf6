from __future__ import annotations

import os
import threading

import pytest

from voice.cli.saving import FORMATS, check_target, save_speech
from voice.errors import InputError
from voice.types import Speech

WAV = (
    b"RIFF\x44\x1f\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"
    b"\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x20\x1f\x00\x00" + bytes(7968)
)
SPEECH = Speech(WAV, 0.498)
STARTS = {"wav": b"RIFF", "ogg": b"OggS", "flac": b"fLaC", "mp3": b""}


@pytest.mark.parametrize("name", FORMATS)
def test_the_name_decides_the_format(tmp_path, name):
    path = tmp_path / f"speech.{name.upper()}"
    check_target(path)
    save_speech(path, SPEECH)
    data = path.read_bytes()
    assert data.startswith(STARTS[name])
    assert (data == WAV) == (name == "wav")
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["speech", "speech.txt", ".wav", "folder.wav", "no/where.wav"])
def test_what_cannot_be_written_is_known_before(tmp_path, name):
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(InputError):
        check_target(tmp_path / name)


def test_an_older_file_stays_when_the_new_one_fails(tmp_path, monkeypatch):
    path = tmp_path / "speech.wav"
    path.write_bytes(b"older")
    (tmp_path / f".speech.wav.{os.getpid()}.part").mkdir()  # what is written to is taken
    with pytest.raises(OSError, match="directory"):
        save_speech(path, SPEECH)
    assert path.read_bytes() == b"older"


def test_a_link_is_followed_and_a_pipe_is_written_to(tmp_path):
    target = tmp_path / "target.wav"
    target.write_bytes(b"")
    (tmp_path / "link.wav").symlink_to(target)
    save_speech(tmp_path / "link.wav", SPEECH)
    assert target.read_bytes() == WAV
    assert (tmp_path / "link.wav").is_symlink()

    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    save_speech(pipe, SPEECH)
    reader.join(10)
    assert read == [WAV]
    assert pipe.is_fifo()
