from __future__ import annotations

import logging
from pathlib import Path

import pytest

from voice import paths
from voice.errors import SetupError
from voice.faq.locate import faq_path


@pytest.fixture
def own(tmp_path):
    """Return a maker of own FAQ files, as the home folder of `make_settings` holds them."""

    def make(name: str, locale: str) -> Path:
        path = tmp_path / "home" / "faq" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        entry = "entries: [{question: When?, answer: At nine.}]"
        path.write_text(f"title: Shop\nlocale: {locale}\n{entry}", encoding="utf-8")
        return path

    return make


def test_the_file_that_is_named_is_taken_as_it_is(make_settings, own, tmp_path):
    own("a.yaml", "en")

    assert faq_path(make_settings(faq=tmp_path / "none.yaml")) == tmp_path / "none.yaml"


@pytest.mark.parametrize("locale", [None, "en-US", "en_us"])
def test_the_shipped_file_is_taken_where_there_is_no_own(make_settings, locale, caplog):
    path = faq_path(make_settings(locale=locale))

    assert path == paths.shipped("data", "faq", "back-cracking.yaml")
    assert caplog.text == ""


def test_another_region_of_the_language_is_taken_and_said(make_settings, caplog):
    assert faq_path(make_settings(locale="en-GB")).name == "back-cracking.yaml"
    assert "no FAQ for en-GB; taking the one for en-US" in caplog.text


def test_a_locale_that_is_not_there_names_those_that_are(make_settings):
    with pytest.raises(SetupError, match="no FAQ for fr; there is one for en-US"):
        faq_path(make_settings(locale="fr"))


def test_own_files_come_before_the_shipped(make_settings, own):
    german, swiss = own("a.yaml", "de-DE"), own("b.yml", "de-CH")
    british = own("c.yaml", "'en-GB'")
    own("notes.md", "en-US")

    assert faq_path(make_settings()) == german
    assert faq_path(make_settings(locale="de-CH")) == swiss
    assert faq_path(make_settings(locale="en-US")) == british
    with pytest.raises(SetupError, match="there is one for de-CH, de-DE, en-GB"):
        faq_path(make_settings(locale="fr"))


def test_the_first_of_several_alike_is_taken_and_said(make_settings, own, caplog):
    own("b.yaml", "de")
    first = own("a.yaml", "de")
    caplog.set_level(logging.INFO)

    assert faq_path(make_settings(locale="de")) == first
    assert "taking a.yaml" in caplog.text


def test_a_broken_own_file_is_still_the_one_that_is_taken(make_settings, own):
    path = own("a.yaml", "de")
    path.write_bytes(b"\xff\x00")

    assert faq_path(make_settings()) == path
    with pytest.raises(SetupError, match="there is one for none"):
        faq_path(make_settings(locale="de"))
