from __future__ import annotations

import json
import shutil

import pytest


@pytest.fixture(scope="module")
def models(home, vosk_tiny):
    """Return the models folder of the program under test, with a whole and a broken model."""
    folder = home / "models"
    shutil.copytree(vosk_tiny, folder / "vosk-tiny-en")
    shutil.copytree(vosk_tiny, folder / "vosk-model-small-de-0.15")
    (folder / "vosk-model-small-de-0.15" / "am" / "final.mdl").unlink()
    (folder / ".download").mkdir()
    return folder


def test_the_list_holds_the_catalogue_and_what_is_here(here, models):
    done = here("models", "list", "--json")
    assert done.code == 0
    rows = {row["name"]: row for row in map(json.loads, done.out.splitlines())}
    assert rows["vosk-tiny-en"]["path"] == str(models / "vosk-tiny-en")
    assert rows["vosk-tiny-en"]["kind"] == "vosk"
    assert rows["vosk-model-small-de-0.15"]["path"]
    assert rows["vosk-model-small-en-us-0.15"]["path"] is None
    assert ".download" not in rows
    assert len({tuple(row) for row in rows.values()}) == 1  # the same fields in every row


def test_checking_all_names_the_fault_and_is_a_no(here, models):
    done = here("models", "check")
    assert (done.code, done.err) == (1, "")
    broken, whole = done.out.splitlines()
    assert "am/final.mdl" in broken
    assert whole.startswith(f"{models / 'vosk-tiny-en'}: OK, vosk")


def test_checking_one_model(here, models):
    done = here("models", "check", models / "vosk-tiny-en", "--json")
    body = json.loads(done.out)
    assert done.code == 0
    assert (body["ok"], body["kind"], body["faults"]) == (True, "vosk", [])


def test_a_folder_that_is_not_there_is_a_no(here, models):
    done = here("models", "check", "nowhere", "--json")
    body = json.loads(done.out)
    assert done.code == 1
    assert "is not there" in body["faults"][0]


def test_no_models_is_no_fault(here, tmp_path):
    done = here("models", "check", VOICE_HOME=str(tmp_path))
    assert done.code == 0
    assert done.out.startswith("no models in ")
