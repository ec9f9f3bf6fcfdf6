from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from voice.models import check
from voice.models.check import check_model, trial_fault_cached

CASES = YAML(typ="safe", pure=True).load(
    (Path(__file__).parents[1] / "cases" / "model_folders.yaml").read_text(encoding="utf-8")
)


SLOW = [pytest.mark.slow]  # Kaldi takes a second to print where it ended the process


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case["name"], marks=SLOW * case.get("slow", False)) for case in CASES],
)
def test_folder_gets_one_clear_line(case, make_folder):
    path = make_folder(case)
    report = check_model(path)
    assert report.kind == case.get("kind", "unknown")
    assert report.ok is ("says" not in case)
    if report.ok:
        assert report.faults == ()
        return
    said = case["says"].replace("{path}", str(path))
    assert report.faults[0].startswith(said)
    assert all("\n" not in fault for fault in report.faults)


def test_details_say_what_kind_of_vosk_model(vosk_tiny):
    details = check_model(vosk_tiny, load=False).details
    assert details["layout"] == "new"
    assert details["graph"] == "dynamic"
    assert details["bytes"] > 3_000_000


def test_old_layout_is_accepted(vosk_tiny, tmp_path):
    old = tmp_path / "old"
    shutil.copytree(vosk_tiny / "graph", old)
    shutil.copy(vosk_tiny / "am" / "final.mdl", old)
    shutil.copy(vosk_tiny / "conf" / "mfcc.conf", old)
    report = check_model(old, load=False)
    assert report.ok
    assert report.details["layout"] == "old"


@pytest.mark.skipif(
    sys.platform == "win32" or (hasattr(os, "geteuid") and os.geteuid() == 0),
    reason="root and Windows read everything",
)
def test_unreadable_file_is_named(make_folder):
    path = make_folder({"base": "model"})
    (path / "graph" / "Gr.fst").chmod(0)
    assert check_model(path).faults == (f"{path}: graph/Gr.fst cannot be read (permissions)",)


def test_several_faults_are_all_named(make_folder):
    path = make_folder({"base": "model", "remove": ["conf/mfcc.conf", "graph/Gr.fst"]})
    assert [fault.split(": ")[1] for fault in check_model(path).faults] == [
        "conf/mfcc.conf is missing",
        "graph/Gr.fst is missing",
    ]


def test_whole_model_is_tried_once_until_it_changes(make_folder, tmp_path, monkeypatch):
    path = make_folder({"base": "model"})
    cache = tmp_path / "cache"
    assert trial_fault_cached(path, cache) is None
    monkeypatch.setattr(check, "trial_fault", lambda path: "tried again")
    assert trial_fault_cached(path, cache) is None
    os.truncate(path / "am" / "final.mdl", 1_000_000)
    assert trial_fault_cached(path, cache) == "tried again"
    assert trial_fault_cached(path, cache) == "tried again"  # a faulty one each time


def test_cache_that_cannot_be_written_is_no_fault(make_folder, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert trial_fault_cached(make_folder({"base": "model"}), tmp_path / "cache") is None
