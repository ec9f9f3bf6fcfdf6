from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading

import psutil
import pytest

from voice.server.schemas import REPLY

KNOWN = "Why does my back crack when I do a back bend?"
ENTRY = "back-bend-crack"
UNKNOWN = "what is the capital of France"
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

# Each line of one batch, and what must come of it: a status, or the code of an error.
BATCH = [
    (KNOWN.encode(), "answer"),
    (b"", "no_input"),
    (b"   \t ", "no_input"),
    (UNKNOWN.encode(), "unknown"),
    (b"x" * 1_000_000, "too_long"),
    (b"\xff\xfe\x00\xed\xa0\x80", None),  # anything but a crash
    (b"\x00", None),
    (KNOWN.upper().encode() + b"\r", "answer"),
]


@pytest.fixture(scope="module")
def batch(voice):
    """Return what comes of the batch as JSON."""
    return voice("ask", "--json", given=b"\n".join(line for line, _ in BATCH))


def test_a_batch_gives_one_reply_a_line_and_errors_in_their_place(batch):
    bodies = [json.loads(line) for line in batch.out.splitlines()]
    assert len(bodies) == len(BATCH)
    for body, (_, expected) in zip(bodies, BATCH, strict=True):
        found = body["error"]["code"] if "error" in body else body["status"]
        assert expected in (None, found)
    assert bodies[0]["answer"]["entry_id"] == bodies[-1]["answer"]["entry_id"] == ENTRY


def test_a_batch_with_an_error_in_it_is_exit_code_2_and_quiet(batch):
    assert (batch.code, batch.err) == (2, "")


def test_every_reply_is_the_reply_object(batch):
    fields = set(REPLY["properties"])
    for line in batch.out.splitlines():
        body = json.loads(line)
        assert set(body) in (fields, {"error"})


def test_a_plain_batch_is_one_line_each_and_refusals_are_no_error(here):
    done = here("ask", given=f"{KNOWN}\n\n{UNKNOWN}\n".encode())
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert len(lines) == 3
    assert "facet joints" in lines[0]
    assert "\x1b" not in done.out


@pytest.mark.parametrize(("question", "code"), [(KNOWN, 0), (UNKNOWN, 1), ("", 1)])
def test_a_single_question(here, question, code):
    done = here("ask", question)
    assert (done.code, done.err) == (code, "")
    assert done.out.count("\n") == 1


def test_a_question_of_any_bytes_is_no_crash(here):
    done = here("ask", "\udcff\udcfe", "--json")  # as Python gives bytes that are not UTF-8
    assert done.code == 1
    assert json.loads(done.out)["status"] in ("unknown", "no_input")


def test_a_did_you_mean_shows_its_choices(here):
    done = here("ask", "back bend")
    assert (done.code, done.err) == (1, "")
    said, first, second = done.out.splitlines()
    assert first == "  1. Why does my back crack when I do a back bend?"
    assert second.startswith("  2. ")


def test_lines_are_no_conversation(here):
    done = here("ask", "--json", given=b"back bend\nthe first one\n")
    assert [json.loads(line)["status"] for line in done.out.splitlines()] == ["clarify", "unknown"]


def test_the_scores_are_explained(here):
    done = here("ask", "--explain", KNOWN)
    assert "because: worded as in the FAQ" in done.out
    assert f"\n{ENTRY} " in done.out
    body = json.loads(here("ask", "--explain", "--json", KNOWN).out)
    assert body["explain"]["candidates"][0]["entry_id"] == ENTRY


def test_speech_that_is_not_there_is_one_line(here):
    done = here("ask", "--speak", KNOWN)
    assert (done.code, done.out, done.err) == (
        2,
        "",
        "voice: cannot speak: the setting tts is off\n",
    )


def test_another_faq_is_used_as_it_is(here, home):
    (home / "shop.txt").write_text("When are you open?\n\nFrom nine to five.\n")
    done = here("ask", "--faq", "shop.txt", "when are you open")
    assert (done.code, done.out) == (0, "From nine to five.\n")


def test_a_faulty_faq_is_one_line(here, home):
    (home / "bad.yaml").write_text("version: 1\n")
    done = here("ask", "--faq", "bad.yaml", "hello")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("voice: bad.yaml")
    assert done.err.count("\n") == 1


def test_nothing_on_standard_input_is_nothing_printed(here):
    done = here("ask")
    assert (done.code, done.out, done.err) == (0, "", "")


@posix
def test_replies_stream_and_ctrl_c_is_clean(start):
    process = start("ask", "--json")
    for _ in range(2):
        process.stdin.write(f"{KNOWN}\n".encode())
        process.stdin.flush()  # the reply must come while the next line is not there yet
        assert json.loads(process.stdout.readline())["status"] == "answer"
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130
    assert (process.stdout.read(), process.stderr.read()) == (b"", b"")


def test_a_reader_that_has_enough_is_no_error(start):
    process = start("ask")
    process.stdin.write(f"{KNOWN}\n".encode())
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.close()
    process.stdin.write(f"{KNOWN}\n".encode())
    process.stdin.close()
    assert process.wait(10) == 0
    assert process.stderr.read() == b""


@posix
def test_a_person_who_gives_no_question_is_told_how(program, environment):
    import pty

    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [*program, "ask"], stdin=theirs, capture_output=True, env=environment, check=False
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"voice chat" in done.stderr


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_100_000_questions_stream_in_bounded_memory(start):
    process = start("ask", "--json")
    memory = psutil.Process(process.pid).memory_info

    def feed() -> None:
        with process.stdin:
            for number in range(100_000):
                process.stdin.write(f"{KNOWN} {number}\n".encode())

    feeder = threading.Thread(target=feed)
    feeder.start()
    early = 0
    for number in range(100_000):
        assert process.stdout.readline()
        if number == 5_000:
            early = memory().rss
    assert memory().rss - early < 10 << 20
    feeder.join()
    assert process.wait(10) == 0
