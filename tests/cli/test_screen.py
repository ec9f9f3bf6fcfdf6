from __future__ import annotations

import os
import sys

import pytest

from voice.cli.keyboard import TerminalKeys
from voice.cli.replies import Printer
from voice.cli.screen import LineScreen, meter, open_screen
from voice.types import Reply


@pytest.mark.parametrize(
    ("level_db", "filled"), [(0.0, 20), (-30.0, 10), (-60.0, 0), (-120.0, 0), (6.0, 20)]
)
def test_the_meter_is_as_full_as_it_is_loud(level_db, filled):
    assert meter(level_db) == f"[{'#' * filled}{' ' * (20 - filled)}]"


def test_without_a_terminal_there_are_only_lines(capsys):
    with open_screen(Printer(as_json=False)) as screen:
        assert type(screen) is LineScreen
        screen.state("listening")
        screen.hearing(-10.0, "is it bad")
        screen.reply(Reply("answer", "In moderation, no."))
        screen.notice("the microphone is too loud")
    told = capsys.readouterr()
    assert told.out == "In moderation, no.\n"
    assert told.err == "voice: the microphone is too loud\n"


def test_the_meter_leaves_standard_output_to_the_replies(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with open_screen(Printer(as_json=False)) as screen:
        screen.hearing(0.0, "is it\x1b[2J bad")
        screen.reply(Reply("answer", "In moderation, no."))
    told = capsys.readouterr()
    assert told.out == "In moderation, no.\n"
    assert f"{meter(0.0)} is it" in told.err
    assert "\x1b[2J" not in told.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_keys_come_one_by_one_and_the_terminal_is_given_back(monkeypatch):
    import termios

    keyboard, terminal = os.openpty()
    before = termios.tcgetattr(terminal)
    with os.fdopen(terminal, "r", closefd=True) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        with TerminalKeys() as keys:
            assert keys.works
            assert keys.pressed() is None
            os.write(keyboard, b"2 ")
            assert [keys.pressed(), keys.pressed(), keys.pressed()] == ["2", " ", None]
        assert termios.tcgetattr(terminal) == before
    os.close(keyboard)


def test_without_a_terminal_there_are_no_keys(monkeypatch, tmp_path):
    (tmp_path / "typed").write_text(" ")
    with (tmp_path / "typed").open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        with TerminalKeys() as keys:
            assert not keys.works
            assert keys.pressed() is None
