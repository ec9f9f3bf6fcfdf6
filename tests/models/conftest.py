from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def make_folder(tmp_path: Path, vosk_tiny: Path) -> Callable[[dict[str, Any]], Path]:
    """Return a function that makes a model folder as tests/cases/model_folders.yaml says."""

    def make(case: dict[str, Any]) -> Path:
        path = tmp_path / "my model"
        if "file" in case:
            path.write_text(case["file"])
        elif case.get("zip"):
            with zipfile.ZipFile(path, "w") as packed:
                packed.writestr("vosk-model/am/final.mdl", "x")
        elif not case.get("missing"):
            _fill(path / case.get("at", ""), case, vosk_tiny)
        return path

    return make


def _fill(folder: Path, case: dict[str, Any], model: Path) -> None:
    folder.mkdir(parents=True)
    if case.get("base") == "model":
        shutil.copytree(model, folder, dirs_exist_ok=True)
    for name in case.get("remove", ()):
        (folder / name).unlink()
    for name, size in case.get("cut", {}).items():
        os.truncate(folder / name, size)
    for name, text in case.get("write", {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
