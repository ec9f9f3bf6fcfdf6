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


def test_the_shipped_faq_has_no_fault(voice):
    done = voice("faq", "check")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"OK, 9 entries" in done.stdout


def test_each_fault_is_a_line_with_its_place(voice, home):
    (home / "shop.yaml").write_text(FAULTY)
    done = voice("faq", "check", "shop.yaml")
    assert (done.returncode, done.stderr) == (1, b"")
    lines = done.stdout.decode().splitlines()
    assert lines
    assert all(line.startswith("shop.yaml:") for line in lines)
    body = json.loads(voice("faq", "check", "shop.yaml", "--json").stdout)
    assert (body["ok"], body["faults"]) == (False, lines)


def test_a_file_that_is_not_there_is_bad_use(voice):
    done = voice("faq", "check", "nowhere.yaml")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"voice: nowhere.yaml: there is no such file\n"
