from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from voice.faq.lint import check_faq

CASES = YAML(typ="safe", pure=True).load(
    (Path(__file__).parents[1] / "cases" / "faq_faults.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_fault_is_named_with_its_place(case, write):
    path = write(case["text"], case.get("file", "faq.yaml"))

    faults = check_faq(path)

    assert all(fault.startswith(str(path)) for fault in faults)
    assert [fault.removeprefix(str(path)).lstrip(": ") for fault in faults] == case["faults"]


def test_a_good_file_has_no_faults(write):
    assert (
        check_faq(write("title: Shop\nlocale: en\nentries: [{question: When?, answer: Now.}]"))
        == []
    )


def test_a_flood_of_faults_is_cut(write):
    entries = "".join(f"  - question: number {number}\n" for number in range(1_500))
    faults = check_faq(write(f"title: Shop\nlocale: en\nentries:\n{entries}"))

    assert len(faults) == 1_001
    assert faults[-1].endswith("500 more faults")


def test_a_fault_stays_short(write):
    faults = check_faq(write(f"title: Shop\nlocale: en\n{'x' * 5_000}: 1\nentries: []"))

    assert max(map(len, faults)) <= 400
