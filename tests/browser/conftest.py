"""Real servers, and a real Chromium whose microphone plays a file."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, sync_playwright

import voice

ROOT = Path(voice.__file__).parents[1]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
)
WAIT_MS = 20_000  # two busy cores may be slow; what is waited for mostly comes at once
MICROPHONE_RATE_HZ = 48_000
# Of a request that failed, and of a header that counts on secure pages only.
BROWSER_NOTES = ("error: Failed to load resource", "error: The Cross-Origin-Opener-Policy header")

Serve = Callable[..., str]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Return a starter of servers: settings by name -> address; the same settings, the same one."""
    running: dict[tuple[tuple[str, str], ...], str] = {}
    with ExitStack() as stack:

        def start(**settings: object) -> str:
            key = tuple(sorted((name, str(value)) for name, value in settings.items()))
            if key not in running:
                home = tmp_path_factory.mktemp("home")
                running[key] = stack.enter_context(served(home, dict(key)))
            return running[key]

        yield start


@contextmanager
def served(home: Path, settings: dict[str, str]) -> Iterator[str]:
    """Serve in a process of its own until the end, and yield the address."""
    own = {name: text for name, text in os.environ.items() if not name.startswith("VOICE_")}
    given = {f"VOICE_{name.upper()}": text for name, text in settings.items()}
    base = {"PYTHONPATH": str(ROOT), "VOICE_HOME": str(home), "VOICE_PORT": "0"}
    command = [sys.executable, "-m", "voice", "serve"]
    with (
        (home / "log").open("wb") as log,
        subprocess.Popen(
            command, cwd=home, env={**own, **base, **given}, stdout=subprocess.PIPE, stderr=log
        ) as server,
    ):
        assert server.stdout is not None
        try:
            line = server.stdout.readline().decode()
            assert line.startswith("Serving on http"), (home / "log").read_text()
            yield line.split()[2]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


@pytest.fixture(scope="session")
def text_server(serve: Serve) -> str:
    """Return the address of a server that neither hears nor speaks: it starts at once."""
    return serve(stt="off", tts="off", drain_seconds=0)


@pytest.fixture(scope="session")
def unsure_server(serve: Serve) -> str:
    """Return the address of a server that asks back unless it is very sure."""
    return serve(stt="off", tts="off", drain_seconds=0, min_score=0.3, min_margin=0.9)


@pytest.fixture(scope="session")
def full_server(serve: Serve, vosk_tiny: Path) -> str:
    """Return the address of a server that hears with the small model and speaks."""
    return serve(vosk_model=vosk_tiny, drain_seconds=0)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Return Playwright for one file: while it runs, no other test can run an event loop."""
    with sync_playwright() as playwright:
        yield playwright


Launch = Callable[..., Browser]


@pytest.fixture(scope="module")
def launch(playwright: Playwright) -> Iterator[Launch]:
    """Return a starter of Chromium with further flags."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("there is no chromium on this machine")
    browsers: list[Browser] = []

    def start(*flags: str) -> Browser:
        browsers.append(playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags]))
        return browsers[-1]

    yield start
    for browser in browsers:
        browser.close()


@pytest.fixture(scope="module")
def browser(launch: Launch) -> Browser:
    """Return a browser that allows the microphone, which beeps."""
    return launch("--use-fake-ui-for-media-stream")


@dataclass
class Visit:
    """A page that was opened, with what it did behind the scenes."""

    page: Page
    origin: str
    console: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    may_fail: bool = False  # then the browser may note it

    def ask(self, question: str) -> None:
        """Type a question and wait for what becomes of it."""
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        self.await_reply()

    def await_reply(self) -> None:
        self.page.locator(".turn").last.locator(".reply[data-status]").wait_for()

    def until(self, condition: str) -> None:
        """Wait until JavaScript is true; our policy forbids Playwright's own way, which evals."""
        for _ in range(WAIT_MS // 50):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never true: {condition}")

    def newest(self, selector: str) -> str:
        """Return the text of a part of the newest turn."""
        return self.page.locator(".turn").last.locator(selector).inner_text()

    def status(self) -> str | None:
        return self.page.locator(".turn").last.locator(".reply").get_attribute("data-status")

    def sent(self, path: str) -> list[Request]:
        """Return the requests to a route, oldest first."""
        return [request for request in self.requests if request.url == f"{self.origin}/{path}"]

    def faults(self) -> list[str]:
        return [
            line for line in self.console if not (self.may_fail and line.startswith(BROWSER_NOTES))
        ]

    def message(self) -> str:
        """Wait for a message and return it."""
        self.page.locator("#message:not(:empty)").wait_for()
        return self.page.locator("#message").inner_text()


Open = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Return an opener of the page; at the end nothing may have gone wrong or elsewhere."""
    visits: list[Visit] = []

    def open_page(
        url: str, *, browser: Browser = browser, may_fail: bool = False, **options: Any
    ) -> Visit:
        page = browser.new_context(**options).new_page()
        page.set_default_timeout(WAIT_MS)
        seen = Visit(page, url, may_fail=may_fail)
        page.on("console", lambda line: seen.console.append(f"{line.type}: {line.text}"))
        page.on("pageerror", lambda error: seen.console.append(f"exception: {error}"))
        page.on("request", lambda request: seen.requests.append(request))
        page.goto(url)
        visits.append(seen)
        return seen

    yield open_page
    for seen in visits:
        seen.page.context.close()
        assert seen.faults() == []
        own = (f"{seen.origin}/", f"blob:{seen.origin}/")
        assert [r.url for r in seen.requests if not r.url.startswith(own)] == []


@pytest.fixture(scope="module")
def say_into_microphone(tmp_path_factory: pytest.TempPathFactory, launch: Launch) -> Launch:
    """Return a starter of browsers whose microphone hears flite say a text, once."""
    if shutil.which("flite") is None:
        pytest.skip("there is no flite on this machine to speak into the microphone")
    folder = tmp_path_factory.mktemp("microphone")

    def start(text: str) -> Browser:
        spoken, heard = folder / "spoken.wav", folder / f"{len(text)}.wav"
        subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", spoken], check=True)
        write_for_microphone(spoken, heard)
        return launch(
            "--use-fake-ui-for-media-stream", f"--use-file-for-fake-audio-capture={heard}%noloop"
        )

    return start


def write_for_microphone(spoken: Path, heard: Path) -> None:
    """Bring a WAV to the rate of a microphone, with a little silence at both ends."""
    with wave.open(str(spoken)) as source:
        rate = source.getframerate()
        samples = np.frombuffer(source.readframes(source.getnframes()), "<i2")
    times = np.arange(int(len(samples) * MICROPHONE_RATE_HZ / rate)) / MICROPHONE_RATE_HZ
    raised = np.interp(times, np.arange(len(samples)) / rate, samples).astype("<i2")
    pause = np.zeros(MICROPHONE_RATE_HZ // 2, "<i2")
    with wave.open(str(heard), "wb") as target:
        target.setparams((1, 2, MICROPHONE_RATE_HZ, 0, "NONE", ""))
        target.writeframes(np.concatenate([pause, raised, pause]).tobytes())
