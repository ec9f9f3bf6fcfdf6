from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from voice.models.catalogue import load_catalogue
from voice.models.find import find_vosk_model, model_locale
from voice.settings import Settings


@pytest.mark.parametrize(
    ("name", "locale"),
    [
        ("vosk-model-small-en-us-0.15", "en-US"),
        ("vosk-model-en-us-0.22-lgraph", "en-US"),
        ("vosk-model-small-en-in-0.4", "en-IN"),
        ("vosk-tiny-en", "en"),
        ("vosk-model-small-de-0.15", "de"),
        ("vosk-model-de-0.21", "de"),
        ("vosk-model-small-cn-0.22", "zh"),
        ("vosk-model-small-vn-0.4", "vi"),
        ("vosk-model-small-kz-0.15", "kk"),
        ("vosk-model-small-uk-v3-small", "uk"),
        ("vosk-model-small-cs-0.4-rhasspy", "cs"),
        ("vosk-model-el-gr-0.7", "el-GR"),
        ("Vosk-Model-Small-FR-0.22", "fr"),
        ("vosk-model-spk-0.4", None),
        ("vosk-model-tts-ru-0.7-multi", None),
        ("faster-whisper-tiny.en", None),
        ("holiday", None),
    ],
)
def test_language_is_read_from_the_name(name, locale):
    assert model_locale(name) == locale


def test_every_vosk_model_of_the_catalogue_has_a_name_that_is_understood():
    for model in load_catalogue():
        if model.kind == "vosk":
            found = model_locale(model.name)
            assert found is not None
            assert found.partition("-")[0] == model.language


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def put(settings, vosk_tiny):
    def put(*names: str) -> None:
        for name in names:
            shutil.copytree(vosk_tiny, settings.models_folder / name)

    return put


def test_no_folder_no_model(settings):
    assert find_vosk_model(settings, "en-US") is None


def test_model_of_another_language_is_not_taken(settings, put):
    put("vosk-model-small-de-0.15")
    assert find_vosk_model(settings, "en-US") is None
    assert find_vosk_model(settings, "de-AT") == settings.models_folder / "vosk-model-small-de-0.15"


@pytest.mark.parametrize(
    ("names", "best"),
    [
        (("vosk-model-small-en-us-0.15", "vosk-model-small-en-in-0.4"), 0),
        (("vosk-model-small-en-us-0.15", "vosk-model-en-us-0.22-lgraph"), 1),
        (("vosk-model-small-en-us-0.15", "vosk-model-small-en-us-0.4"), 1),
    ],
)
def test_own_region_then_larger_then_newest(settings, put, names, best):
    put(*names)
    assert find_vosk_model(settings, "en-US") == settings.models_folder / names[best]


@pytest.mark.parametrize(
    ("locale", "names", "best"),
    [
        ("en", ("vosk-model-small-en-us-0.15", "vosk-tiny-en"), 1),
        ("en", ("vosk-model-small-en-us-0.15",), 0),
        ("en-AU", ("vosk-model-en-us-0.22-lgraph", "vosk-tiny-en"), 1),
        ("en-AU", ("vosk-model-small-en-us-0.15", "vosk-model-en-us-0.22"), 1),
        ("en-US", ("vosk-tiny-en", "vosk-model-small-en-us-0.15"), 1),
        ("de-AT", ("vosk-model-small-en-us-0.15", "vosk-model-small-de-0.15"), 1),
        ("de", ("vosk-model-small-de-0.15", "vosk-model-de-at-0.1"), 0),
        ("el", ("vosk-model-el-gr-0.7",), 0),
        ("ko-KR", ("vosk-model-small-ko-0.22",), 0),
    ],
)
def test_the_language_without_a_region_then_any_region(settings, put, locale, names, best):
    put(*names)
    assert find_vosk_model(settings, locale) == settings.models_folder / names[best]


def test_folder_that_holds_no_model_is_passed_over(settings):
    (settings.models_folder / "vosk-model-small-en-us-0.15").mkdir(parents=True)
    assert find_vosk_model(settings, "en-US") is None


def test_model_that_is_set_is_taken_whatever_its_name(tmp_path):
    settings = Settings(home=tmp_path, vosk_model=tmp_path / "mine")
    assert find_vosk_model(settings, "en-US") == tmp_path / "mine"
