from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from voice.audio.wav import write_wav
from voice.doctor import EXAMINATIONS, examine
from voice.doctor.check import Check, Patient
from voice.doctor.loudness import loudness_db
from voice.doctor.packages import ENGINES
from voice.types import AudioChunk


@pytest.fixture(scope="module")
def engines():
    return {engine.package for engine in ENGINES}


def run(name: str, settings) -> list[Check]:
    return list(EXAMINATIONS[name](Patient(settings)))


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_every_engine_of_the_project_is_looked_for(settings):
    found = by_name(run("packages", settings))
    assert set(found) == {engine.package for engine in ENGINES}
    assert {check.state for check in found.values()} == {"ok"}


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.package)
def test_a_missing_engine_is_a_warning_with_its_cure(settings, monkeypatch, engine):
    monkeypatch.setitem(sys.modules, engine.module, None)
    check = by_name(run("packages", settings))[engine.package]
    assert check.state == "warn"
    assert engine.gives in check.detail
    assert check.mend.startswith(f"pip install {engine.package}")


def test_the_shipped_faq_answers(settings):
    found = by_name(run("FAQ", settings))
    assert found["FAQ"].state == found["answering"].state == "ok"
    assert "9 entries" in found["FAQ"].detail


def test_a_broken_faq_is_a_failure(make_settings, tmp_path):
    file = tmp_path / "faq.yaml"
    file.write_text("version: 1\n")
    (check,) = run("FAQ", make_settings(faq=file))
    assert check.state == "fail"
    assert str(file) in check.detail


def test_a_port_in_use_is_a_warning(make_settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        (check,) = run("port", make_settings(port=taken.getsockname()[1]))
    assert (check.name, check.state) == ("port", "warn")
    assert "in use" in check.detail


def test_folders_that_cannot_be_made_are_warnings(make_settings, tmp_path):
    (tmp_path / "file").write_text("")
    checks = run("folders", make_settings(home=tmp_path / "file" / "home"))
    assert [(check.name, check.state) for check in checks] == [("home", "warn"), ("cache", "warn")]


def test_folders_that_are_not_there_yet_are_fine_and_not_made(make_settings, tmp_path):
    checks = run("folders", make_settings(home=tmp_path / "new" / "home"))
    assert {check.state for check in checks} == {"ok"}
    assert not (tmp_path / "new").exists()


def test_what_is_switched_off_is_no_warning(make_settings):
    settings = make_settings(stt="off", tts="off")
    for name in ("voices", "recognizer"):
        (check,) = run(name, settings)
        assert check.state == "ok"
        assert "switched off" in check.detail


def test_an_examination_that_breaks_does_not_stop_the_others(settings, monkeypatch):
    def break_down(patient: Patient):
        raise RuntimeError("out of order")

    monkeypatch.setattr(
        "voice.doctor.EXAMINATIONS", {"first": break_down, "port": EXAMINATIONS["port"]}
    )
    first, port = examine(settings)
    assert (first.name, first.state) == ("first", "warn")
    assert "out of order" in first.detail
    assert port.name == "port"


def test_loudness():
    assert loudness_db(write_wav(AudioChunk(bytes(3200)))) == -120
    assert loudness_db(write_wav(AudioChunk(b""))) == -120
    half = AudioChunk((16384).to_bytes(2, "little") * 100)
    assert loudness_db(write_wav(half)) == pytest.approx(-6.02, abs=0.01)


def test_a_language_without_a_model_is_one_line_that_says_what_to_do(make_settings):
    faq = Path(__file__).parents[1] / "fixtures" / "faq" / "bibliothek-de.yaml"
    patient = Patient(make_settings(faq=faq))
    assert {check.state for check in EXAMINATIONS["FAQ"](patient)} == {"ok"}
    (check,) = EXAMINATIONS["recognizer"](patient)
    assert check.state == "warn"
    assert check.detail.startswith("questions are text only: no Vosk model for de-AT in ")
    assert check.detail.endswith("to hear it: voice models get vosk-model-small-de-0.15")
    assert "\n" not in check.detail
