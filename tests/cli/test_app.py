from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from voice import __version__
from voice.cli.app import COMMANDS, GROUPS

COMMAND_LINES = [
    *[[module.__name__.rpartition(".")[2]] for module in COMMANDS],
    *[[module.__name__.rpartition(".")[2], name] for module in GROUPS for name in module.GROUP],
]


def test_help_of_the_program_names_every_command(here):
    code, out, err = here("--help")
    assert (code, err) == (0, "")
    for line in COMMAND_LINES:
        assert f"  {line[0]} " in out
    assert "..." not in out.partition("Commands:")[2]  # no summary is cut off


@pytest.mark.parametrize("line", [[], ["models"], ["faq"], *COMMAND_LINES], ids=" ".join)
def test_every_help_ends_with_examples(here, line):
    code, out, err = here(*line, "--help")
    assert (code, err) == (0, "")
    examples = out.partition("Examples:")[2].split("\n")
    assert any(example.strip().startswith(" ".join(["voice", *line])) for example in examples)
    assert max(map(len, out.split("\n"))) <= 80


@pytest.mark.parametrize("line", [line for line in COMMAND_LINES], ids=" ".join)
def test_every_result_can_be_had_as_json(here, line):
    assert "--json" in here(*line, "--help")[1]


def test_version(here):
    assert here("--version") == (0, f"voice {__version__}\n", "")


@pytest.mark.parametrize("line", [[], ["models"], ["faq"]], ids=str)
def test_without_a_command_the_help_is_shown_and_that_is_wrong_use(here, line):
    code, out, err = here(*line)
    assert (code, err) == (2, "")
    assert "Usage:" in out


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["aks"], "No such command 'aks'"),
        (["ask", "--loud"], "No such option: --loud"),
        (["ask", "--faq"], "Option '--faq' requires an argument"),
        (["ask", "one", "two"], "Got unexpected extra argument"),
        (["say"], "Missing argument"),
        (["say", ""], "give a text to say"),
        (["say", "--rate", "fast", "hello"], "Invalid value for '--rate'"),
        (["say", "--out", "hello.txt", "hello"], ".wav, .mp3, .ogg, .flac"),
        (["ask", "--out", "a.wav"], "--out takes one question"),
        (["ask", "--out", "no/such/folder/a.wav", "hello"], "there is no folder"),
        (["ask", "x" * 20_001], "20,000 characters"),
        (["listen", "--once", "a.wav"], "are for the microphone, not for files"),
        (["serve", "--port", "http"], "Invalid value for '--port'"),
    ],
    ids=lambda value: " ".join(value)[:30] if isinstance(value, list) else "",
)
def test_wrong_use_is_one_line_on_standard_error(here, line, message):
    code, out, err = here(*line)
    assert (code, out) == (2, "")
    assert err.startswith("voice: ")
    assert message in err
    assert err.count("\n") == 1


def test_the_help_loads_nothing_heavy_and_comes_at_once(program):
    before = os.times()
    subprocess.run([*program, "--help"], check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    # Of the processor's time: how long a busy machine takes is no matter of ours.
    assert sum(after[2:4]) - sum(before[2:4]) < 0.3
    script = (
        "import sys; from voice.cli.app import run; run(['--help']); "
        "heavy = {'pydantic', 'rich', 'numpy', 'flask', 'vosk', 'av', 'rapidfuzz', 'ruamel'}; "
        "sys.exit(repr(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)


def test_a_faulty_setting_is_one_line(here):
    done = here("ask", "hello", VOICE_PROT="1")
    assert (done.code, done.out) == (2, "")
    assert done.err == "voice: VOICE_PROT is no setting; did you mean VOICE_PORT?\n"


def test_a_closed_reader_is_no_error(start):
    process = start("models", "list")
    process.stdout.close()
    assert process.wait(30) == 0
    assert process.stderr.read() == b""


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_full_disk_is_one_line(program):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*program, "models", "list"], stdout=full, stderr=-1, check=False)
    assert done.returncode == 2
    assert done.stderr == b"voice: No space left on device\n"


def test_closed_standard_streams_are_no_error(program, environment):
    line = " ".join([*program, "models", "list", "--json", "<&-", ">&-", "2>&-"])
    done = subprocess.run(["sh", "-c", line], env=environment, check=False)
    assert done.returncode == 0
