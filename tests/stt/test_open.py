from __future__ import annotations

import logging
import os
import shutil
import sys
from typing import get_args

import pytest

from voice.errors import SetupError
from voice.settings import Settings
from voice.stt import ENGINES, hearing_advice, open_recognizer


def no_phrases():
    return ["is it bad"]


def test_every_engine_that_the_setting_names_is_in_the_table():
    assert {*ENGINES, "off"} == set(get_args(Settings.model_fields["stt"].annotation))


@pytest.fixture
def put(settings, vosk_tiny):
    """Put the tests' model into the models folder under a name."""

    def put(name):
        return shutil.copytree(vosk_tiny, settings.models_folder / name)

    return put


def test_auto_takes_vosk_where_a_model_is(settings, put):
    put("vosk-model-small-en-us-0.15")
    assert open_recognizer(settings, "en-GB", no_phrases).name == "vosk"
    assert hearing_advice(settings, "en-GB") is None


def test_auto_takes_pocketsphinx_without_one_and_says_how_to_hear_better(make_settings):
    settings = make_settings(language_model="faq")
    recognizer = open_recognizer(settings, "en-US", no_phrases)
    recognizer.close()
    assert recognizer.name == "pocketsphinx"
    assert hearing_advice(settings, "en-US") == (
        "to hear better: voice models get vosk-model-small-en-us-0.15"
    )


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("de-DE", "voice models get vosk-model-small-de-0.15"),
        ("tlh", "put a Vosk model for tlh into models/"),
    ],
)
def test_language_without_a_model_is_one_line(settings, locale, said):
    with pytest.raises(SetupError, match=f"^no Vosk model for {locale} in .*: {said}") as caught:
        open_recognizer(settings, locale, no_phrases)
    assert "\n" not in caught.value.message


def test_pocketsphinx_refuses_other_languages(make_settings):
    with pytest.raises(SetupError, match="PocketSphinx hears English only, not fr-FR"):
        open_recognizer(make_settings(stt="pocketsphinx"), "fr-FR", no_phrases)


def test_model_that_is_set_and_broken_is_one_line(make_settings, put):
    broken = put("mine")
    os.truncate(broken / "am" / "final.mdl", 500_000)
    settings = make_settings(vosk_model=broken)
    with pytest.raises(SetupError, match="does not load: Failed to read data") as caught:
        open_recognizer(settings, "en-US", no_phrases)
    assert "\n" not in caught.value.message
    assert hearing_advice(settings, "en-US") == caught.value.message


def test_model_that_was_found_and_is_broken_is_told_and_gone_without(make_settings, put, caplog):
    broken = put("vosk-model-small-en-us-0.15")
    (broken / "graph" / "Gr.fst").unlink()
    settings = make_settings(language_model="faq")
    with caplog.at_level(logging.WARNING):
        recognizer = open_recognizer(settings, "en-US", no_phrases)
    recognizer.close()
    assert recognizer.name == "pocketsphinx"
    assert f"{broken}: graph/Gr.fst is missing; PocketSphinx hears instead" in caplog.text


def test_nested_model_is_named(make_settings, settings, put):
    put("vosk-model-small-de-0.15/vosk-model-small-de-0.15")
    with pytest.raises(SetupError, match="the model is one folder further in"):
        open_recognizer(make_settings(stt="vosk"), "de", no_phrases)


@pytest.mark.parametrize("engine", ["vosk", "pocketsphinx"])
def test_engine_that_is_not_installed_is_one_line(make_settings, vosk_tiny, monkeypatch, engine):
    monkeypatch.setitem(sys.modules, engine, None)
    settings = make_settings(stt=engine, vosk_model=vosk_tiny)
    with pytest.raises(SetupError, match="is not installed here"):
        open_recognizer(settings, "en-US", no_phrases)


def test_off_hears_nothing(make_settings):
    settings = make_settings(stt="off")
    assert hearing_advice(settings, "en-US") is None
    with pytest.raises(SetupError, match="switched off"):
        open_recognizer(settings, "en-US", no_phrases)
