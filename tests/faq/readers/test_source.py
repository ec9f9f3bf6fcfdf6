from __future__ import annotations

import os
import sys

import pytest

from voice.errors import FaqError
from voice.faq.readers import read_faq

GOOD = "title: Café\nlocale: en\nentries:\n- question: Où?\n  answer: Là.\n"


def fault_of(path):
    with pytest.raises(FaqError) as caught:
        read_faq(path)
    assert len(caught.value.faults) == 1
    assert "\n" not in caught.value.message
    return caught.value.message.removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n\n", "is empty"),
        (b"title: a\0b", "is binary, not text"),
        (b"PK\x03\x04\x14\x00\x00\x00", "is binary, not text"),
        (GOOD.encode("utf-16"), "is UTF-16; save it as UTF-8"),
        (
            GOOD.encode("latin-1"),
            "is not UTF-8: byte 0xe9 at line 1, column 11; save it as UTF-8",
        ),
        (
            ("é\n" * 2 + "é").encode() + b"\xff",
            "is not UTF-8: byte 0xff at line 3, column 2; save it as UTF-8",
        ),
        (b"x" * 5_000_001, "larger than 5 MB"),
    ],
    ids=["empty", "blank", "nul", "zip", "utf-16", "latin-1", "column", "too large"],
)
def test_what_is_no_text_is_refused_in_one_line(write, content, fault):
    assert fault_of(write(content)) == fault


def test_a_missing_file(tmp_path):
    assert fault_of(tmp_path / "none.yaml") == "there is no such file"


def test_a_folder(tmp_path):
    assert fault_of(tmp_path) == "is a folder, not a file"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "faq.yaml")
    assert fault_of(tmp_path / "faq.yaml") == "is not a plain file"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read anything")
def test_a_file_that_may_not_be_read(write):
    path = write(GOOD)
    path.chmod(0)
    assert fault_of(path) == "Permission denied"


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
    ],
    ids=["plain", "byte order mark", "CRLF", "CR"],
)
def test_line_ends_and_a_byte_order_mark_change_nothing(read, content):
    faq = read(content)

    assert (faq.title, faq.entries[0].question, faq.entries[0].answer) == ("Café", "Où?", "Là.")
