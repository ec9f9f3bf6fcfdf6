from __future__ import annotations

import json

FAULTY = """\
version: 1
title: Shop
locale: en-US
entries:
  - {question: When are you open?, answer: From nine to five.}
  - {question: when are you open, answer: Never., anwser: Oops.}
"""


def test_the_shipped_faq_has_no_fault(here):
    done = here("faq", "check")
    assert (done.code, done.err) == (0, "")
    assert "OK, 9 entries" in done.out


def test_each_fault_is_a_line_with_its_place(here, home):
    (home / "shop.yaml").write_text(FAULTY)
    done = here("faq", "check", "shop.yaml")
    assert (done.code, done.err) == (1, "")
    lines = done.out.splitlines()
    assert lines
    assert all(line.startswith("shop.yaml:") for line in lines)
    body = json.loads(here("faq", "check", "shop.yaml", "--json").out)
    assert (body["ok"], body["faults"]) == (False, lines)


def test_a_file_that_is_not_there_is_bad_use(here):
    done = here("faq", "check", "nowhere.yaml")
    assert (done.code, done.out) == (2, "")
    assert done.err == "voice: nowhere.yaml: there is no such file\n"


def test_a_folder_is_no_faq(here, tmp_path):
    done = here("faq", "check", str(tmp_path))
    assert (done.code, done.err) == (1, "")
    assert done.out == f"{tmp_path}: is a folder, not a file\n"


CASES = """version: 1
title: Shop
locale: en
entries:
  - {id: hours, question: When are you open?, answer: At nine.}
  - {id: bread, question: Do you sell rye bread?, answer: We do.}
cases:
  - {say: when are you open, expect: %s}
  - {say: where is the moon, expect: %s}
"""


def test_cases_are_asked(here, tmp_path):
    file = tmp_path / "shop.yaml"
    file.write_text(CASES % ("hours", "unknown"))
    assert here("faq", "check", file).code == 0
    file.write_text(CASES % ("unknown", "bread"))
    done = here("faq", "check", file, "--json")
    assert done.code == 1
    answered, unknown = json.loads(done.out)["faults"]
    assert "'when are you open' must reach unknown, but hours answers" in answered
    assert "'where is the moon' must reach bread, but it is not known" in unknown
