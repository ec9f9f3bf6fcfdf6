from __future__ import annotations

import pytest

from voice.errors import SetupError
from voice.models.catalogue import load_catalogue, vosk_model_for


def test_names_are_unique_and_every_file_has_a_name():
    models = load_catalogue()
    assert len({model.name for model in models}) == len(models) >= 30
    assert all(file.name for model in models for file in model.files)


def test_every_file_can_be_checked_or_its_model_has_a_listing():
    for model in load_catalogue():
        if model.kind == "vosk":
            assert model.listing or all(file.sha256 for file in model.files)


def test_the_small_english_model_is_pinned():
    model = vosk_model_for("en-US")
    assert model is not None
    assert model.name == "vosk-model-small-en-us-0.15"
    assert model.files[0].is_packed
    assert model.files[0].sha256[0].startswith("30f26242")


@pytest.mark.parametrize(
    ("locale", "name"),
    [
        ("en-GB", "vosk-model-small-en-us-0.15"),
        ("de", "vosk-model-small-de-0.15"),
        ("zh-TW", "vosk-model-small-cn-0.22"),
        ("tlh", None),
    ],
)
def test_a_model_is_known_for_a_language(locale, name):
    model = vosk_model_for(locale)
    assert (model.name if model else None) == name


@pytest.mark.parametrize(
    "text",
    [
        "models: [{name: x}]",
        "models: 3",
        "{",
        "models: [{name: a b, kind: vosk, locale: en, license: x, files: [{url: 'https://x/y'}]}]",
        "models: [{name: a, kind: vosk, locale: en, license: x, files: [{url: 'http://x/y'}]}]",
    ],
)
def test_faulty_catalogue_is_one_line(tmp_path, text):
    path = tmp_path / "catalogue.yaml"
    path.write_text(text)
    with pytest.raises(SetupError, match=r"^cannot read catalogue\.yaml: .+") as caught:
        load_catalogue(path)
    assert "\n" not in caught.value.message
