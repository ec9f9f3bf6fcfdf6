from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time

import pytest

KNOWN = "Why does my back crack when I do a back bend?"


def test_a_piped_conversation_ends_with_stop(voice):
    done = voice("chat", given=f"{KNOWN}\n\nstop\nnever read\n".encode())
    assert (done.code, done.err) == (0, "")
    greeting, answer, silence, goodbye = done.out.splitlines()
    assert greeting.startswith("Hello")
    assert "facet joints" in answer
    assert silence
    assert goodbye


def test_replies_hang_together(here):
    done = here("chat", "--json", given=f"{KNOWN}\nsay that again\n".encode())
    replies = [json.loads(line) for line in done.out.splitlines()]
    assert [reply["status"] for reply in replies] == ["command", "answer", "command"]
    assert replies[2]["speech"] == replies[1]["answer"]["text"]


def test_a_question_too_long_does_not_end_it(here):
    done = here("chat", given=b"x" * 30_000 + f"\n{KNOWN}\n".encode())
    assert done.code == 0
    assert done.err.startswith("voice: a question may have 20,000 characters")
    assert "facet joints" in done.out


@pytest.mark.parametrize("choice", ["2", "number two", "the second one"])
def test_a_did_you_mean_is_answered_by_number_or_words(here, choice):
    done = here("chat", "--json", given=f"back bend\n{choice}\n".encode())
    _, asked, answered = map(json.loads, done.out.splitlines())
    assert asked["status"] == "clarify"
    assert answered["answer"]["entry_id"] == asked["candidates"][1]["entry_id"]


class Terminal:
    """A program in a terminal, as a person sees it."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        import fcntl
        import pty
        import termios

        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**environment, "TERM": "xterm"},
            start_new_session=True,
            # The keys that interrupt work only in the terminal that controls the program.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self.screen = ""

    def until(self, text: str) -> None:
        """Read until a text is shown."""
        end = time.monotonic() + 30
        while text not in self.screen:
            if not select.select([self._ours], [], [], end - time.monotonic())[0]:
                raise AssertionError(f"{text!r} never came; shown: {self.screen!r}")
            self.screen += self._read()

    def type(self, keys: str) -> None:
        """Press keys; what was shown before no longer counts."""
        self.screen = ""
        os.write(self._ours, keys.encode())

    def end(self) -> tuple[int, str]:
        """Return the exit code and what was shown last."""
        code = self.process.wait(30)
        while select.select([self._ours], [], [], 0.1)[0] and (more := self._read()):
            self.screen += more
        os.close(self._ours)
        return code, self.screen

    def _read(self) -> str:
        try:
            return os.read(self._ours, 65536).decode(errors="replace")
        except OSError:  # the other side is closed
            return ""


@pytest.fixture
def terminal(program, environment):
    if sys.platform == "win32":
        pytest.skip("Windows has no pseudo-terminals")
    chat = Terminal([*program, "chat"], environment)
    chat.until("> ")
    yield chat
    chat.process.kill()
    chat.process.wait()


def test_ctrl_d_ends_it(terminal):
    terminal.type(f"{KNOWN}\r")
    terminal.until("facet joints")
    terminal.until("> ")
    terminal.type("\x04")
    code, shown = terminal.end()
    assert code == 0
    assert "Traceback" not in shown


def test_ctrl_c_ends_it(terminal):
    terminal.type("half a ques")
    terminal.until("half a ques")
    time.sleep(0.2)  # Python's readline misses a signal in the moment before it waits for keys
    terminal.type("\x03")
    code, shown = terminal.end()
    assert code == 130
    assert "Traceback" not in shown
