from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from voice.models.catalogue import CatalogueModel
from voice.models.first_start import fetch_first_model
from voice.models.install import Source
from voice.settings import Settings

NAME = "vosk-model-small-en-us-0.0"


@pytest.fixture
def catalogue(good: Path, tmp_path: Path) -> Path:
    """A catalogue with one English model, the one that the site serves."""
    path = tmp_path / "catalogue.yaml"
    path.write_text(
        f"""models:
  - name: {NAME}
    kind: vosk
    locale: en-US
    license: Apache-2.0
    default: true
    about_mb: 3
    files:
      - url: https://models.invalid/{NAME}.zip
        sha256: [{hashlib.sha256(good.read_bytes()).hexdigest()}]
"""
    )
    return path


class Start:
    """A first start with what it said."""

    def __init__(self, settings: Settings, catalogue: Path, url: str) -> None:
        self.said: list[str] = []
        self._run: Callable[..., Path | None] = lambda progress: fetch_first_model(
            settings,
            self.said.append,
            lambda model: nullcontext(progress),
            source=Source(url=url),
            catalogue=catalogue,
        )

    def run(self, progress: Any = lambda done, total: None) -> Path | None:
        self.said.clear()
        return self._run(progress)


@pytest.fixture
def start(settings: Settings, catalogue: Path, site: Any, good: Path) -> Start:
    site.files[f"{NAME}.zip"] = good.read_bytes()
    return Start(settings, catalogue, site.url)


def test_model_is_fetched_once_and_said(start: Start, settings: Settings, site: Any) -> None:
    assert start.run() == settings.models_folder / NAME
    assert "about 3 MB" in start.said[0]
    assert start.run() is None
    assert (start.said, len(site.ranges)) == ([], 1)


def test_ctrl_c_skips_it_for_a_day(start: Start) -> None:
    def interrupt(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    assert start.run(interrupt) is None
    assert f"voice models get {NAME}" in start.said[-1]
    assert start.run() is None
    assert start.said == []


def test_site_that_cannot_be_reached_is_one_line_a_day(settings: Settings, catalogue: Path) -> None:
    start = Start(settings, catalogue, "http://127.0.0.1:9")
    assert start.run() is None
    assert len(start.said) == 2
    assert "the next try is tomorrow" in start.said[-1]
    assert start.run() is None
    assert start.said == []


def test_wrong_bytes_are_not_kept(start: Start, site: Any, settings: Settings) -> None:
    site.files[f"{NAME}.zip"] = b"something else"
    assert start.run() is None
    assert "wrong bytes" in start.said[-1]
    assert not (settings.models_folder / NAME).exists()


@pytest.mark.parametrize(
    "unwanted", [{"download": "off"}, {"stt": "off"}, {"stt": "pocketsphinx"}, {"locale": "xx"}]
)
def test_nothing_is_fetched_that_is_not_wanted(
    make_settings: Callable[..., Settings], catalogue: Path, site: Any, unwanted: dict[str, Any]
) -> None:
    start = Start(make_settings(**unwanted), catalogue, site.url)
    assert start.run() is None
    assert start.said == []


def test_catalogue_has_a_model_for_each_default(settings: Settings) -> None:
    from voice.models.first_start import wanted_model

    model = wanted_model(settings)
    assert isinstance(model, CatalogueModel)
    assert model.name == "vosk-model-small-en-us-0.15"
    assert model.files[0].sha256
