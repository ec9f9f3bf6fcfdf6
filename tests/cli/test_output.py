from __future__ import annotations

import json

from voice.cli.output import put_json, put_table, readable, tidy


def test_what_could_steer_a_terminal_is_not_printed():
    assert tidy("a\x1b[31mb\r\nc\u202ed\x00") == "a\ufffd[31mb c\ufffdd\ufffd"
    assert tidy("  Grüße,\n Österreich ") == "Grüße, Österreich"


def test_lone_surrogates_become_readable():
    assert readable("a\udcffb\ud800") == "a\ufffd\ufffd\ufffdb\ufffd\ufffd\ufffd"


def test_json_is_one_line_of_plain_text(capsys):
    put_json({"text": "Grüße\n\u2028", "none": None})
    out = capsys.readouterr().out
    assert "Grüße" in out
    assert len(out.splitlines()) == 1
    assert json.loads(out) == {"text": "Grüße\n\u2028", "none": None}


def test_a_table_is_aligned_text_where_nobody_looks(capsys):
    put_table(("name", "x"), [("a", "1"), ("longer\nname", "[bold]2")])
    assert capsys.readouterr().out == "name         x\na            1\nlonger name  [bold]2\n"
