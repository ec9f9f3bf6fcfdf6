from __future__ import annotations

import json
import zipfile

import pytest

NAME = "vosk-model-small-en-us-0.15"


def test_a_name_that_is_not_known_names_the_nearest(here):
    done = here("models", "get", "vosk-small-en")
    assert done.code == 2
    assert NAME in done.err
    assert len(done.err.splitlines()) == 1


def test_what_is_there_is_not_fetched_again(here, home):
    folder = home / "models" / NAME
    folder.mkdir(parents=True)
    try:
        done = here("models", "get", NAME, "--url", "http://127.0.0.1:9", "--json")
    finally:
        folder.rmdir()
    assert (done.code, json.loads(done.out)) == (0, {"name": NAME, "path": str(folder)})


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense"])
def test_a_mirror_that_cannot_be_used_is_one_line(here, home, url):
    done = here("models", "get", NAME, "--url", url)
    assert done.code == 2
    assert len(done.err.splitlines()) == 1
    assert not (home / "models" / NAME).exists()


def test_a_file_fetched_by_hand_is_checked(here, home, tmp_path):
    archive = tmp_path / f"{NAME}.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(f"{NAME}/README", "not the model")
    done = here("models", "get", NAME, "--from-file", archive)
    assert done.code == 2
    assert "wrong bytes" in done.err
    assert archive.exists()
    assert not (home / "models" / NAME).exists()
