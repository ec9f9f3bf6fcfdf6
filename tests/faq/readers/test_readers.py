from __future__ import annotations

from pathlib import Path

import voice.faq.readers as readers
from voice.faq.readers import READERS, suffixes


def test_every_reader_in_the_folder_is_in_the_table():
    folder = Path(readers.__file__).parent
    helpers = {"__init__", "protocol", "source", "events"}

    assert {path.stem for path in folder.glob("*.py")} - helpers == set(READERS)


def test_no_two_readers_share_a_suffix():
    assert len(set(suffixes())) == len(suffixes())
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in suffixes())


def test_yaml_in_a_text_file_is_read_as_yaml(read):
    text = "title: Shop\nlocale: de\nentries: [{question: Wann?, answer: Um neun.}]"

    assert read(text, "faq.txt").locale == "de"


def test_yaml_whose_first_line_ends_in_a_question_mark_is_yaml(read):
    text = "title: Open or not?\nlocale: en\nentries: [{question: When?, answer: At nine.}]"

    assert read(text, "faq.txt").title == "Open or not?"
