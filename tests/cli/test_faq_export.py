from __future__ import annotations

import json

import pytest

FAQ = """version: 1
title: Shop
locale: %s
platforms: {alexa: {invocation_name: corner shop help}}
entries:
  - {id: hours, question: When are you open?, answer: At nine.}
"""


@pytest.fixture
def shop(tmp_path):
    def write(locale="en-GB"):
        file = tmp_path / "shop.yaml"
        file.write_text(FAQ % locale)
        return file

    return write


def test_the_model_is_printed(here, shop):
    done = here("faq", "export", "alexa", shop())
    assert (done.code, done.err) == (0, "")
    model = json.loads(done.out)["interactionModel"]["languageModel"]
    assert model["invocationName"] == "corner shop help"
    line = here("faq", "export", "alexa", shop(), "--json").out
    assert line.count("\n") == 1
    assert json.loads(line) == json.loads(done.out)


def test_the_shipped_faq_has_a_model(here):
    assert here("faq", "export", "alexa").code == 0


def test_a_folder_gets_a_file_for_each_locale(here, shop, tmp_path):
    out = tmp_path / "skill" / "models"
    done = here("faq", "export", "alexa", shop("en"), "--out", out)
    assert done.code == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == ["en-AU.json", "en-CA.json", "en-GB.json", "en-IN.json", "en-US.json"]
    assert sorted(line.rpartition("/")[2] for line in done.out.split()) == names
    assert json.loads((out / "en-GB.json").read_text())
    again = here("faq", "export", "alexa", shop("en"), "--out", out, "--json")
    assert all("file" in json.loads(line) for line in again.out.splitlines())


def test_a_file_of_json(here, shop, tmp_path):
    out = tmp_path / "model.json"
    assert here("faq", "export", "alexa", shop(), "--out", out).out == f"{out}\n"
    assert json.loads(out.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("siri",), "'siri' is no format"),
        ((), "FORMAT"),
        (("alexa", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_bad_use_is_one_line(here, arguments, told):
    done = here("faq", "export", *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert told in done.err


def test_what_alexa_would_not_take_is_one_line(here, shop):
    file = shop()
    file.write_text(file.read_text().replace("corner shop help", "ask corner shop"))
    done = here("faq", "export", "alexa", file)
    assert (done.code, done.out) == (2, "")
    assert done.err == "voice: platforms.alexa.invocation_name must not hold 'ask'\n"


def test_a_place_that_cannot_be_written_is_one_line(here, shop, tmp_path):
    (tmp_path / "taken").write_text("")
    for out in (tmp_path / "taken", tmp_path / "nowhere" / "model.json"):
        done = here("faq", "export", "alexa", shop(), "--out", out)
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
