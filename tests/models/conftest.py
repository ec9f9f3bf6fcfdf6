"""Model folders, a packed model, and a site that serves it well or badly."""

from __future__ import annotations

import os
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest


@dataclass
class Site:
    """What the server serves and how it misbehaves."""

    files: dict[str, bytes] = field(default_factory=dict)
    break_after: list[int] = field(default_factory=list)  # bytes, one for each request
    claim: int | None = None  # Content-Length to claim instead of the truth
    resumes: bool = True
    endless: bool = False
    ranges: list[str] = field(default_factory=list)  # of the requests that came
    url: str = ""


class SiteHandler(BaseHTTPRequestHandler):
    """Serve one site; a subclass of each test names it."""

    site: Site

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        if name.startswith("moved/"):
            self._send_empty(302, Location=f"{self.site.url}/{name.removeprefix('moved/')}")
        elif name not in self.site.files:
            self._send_empty(404)
        else:
            asked = self.headers.get("Range", "")
            self.site.ranges.append(asked)
            self._send(self.site.files[name], asked if self.site.resumes else "")

    def _send(self, data: bytes, asked: str) -> None:
        start = int(asked.removeprefix("bytes=").rstrip("-") or 0)
        if start >= len(data) > 0:
            self._send_empty(416)
            return
        self.send_response(206 if asked else 200)
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        body = data[start:]
        self.send_header("Content-Length", str(self.site.claim or len(body)))
        self.end_headers()
        if self.site.break_after:
            body = body[: self.site.break_after.pop(0)]
        self.wfile.write(body)
        while self.site.endless:
            self.wfile.write(bytes(1 << 16))
        self.close_connection = True

    def _send_empty(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


class SiteServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *arguments: object) -> None:
        """Say nothing of clients that hang up: some tests are about that."""


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a running server on a real port."""
    site = Site()
    handler = type("Handler", (SiteHandler,), {"site": site})
    server = SiteServer(("127.0.0.1", 0), handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def make_folder(tmp_path: Path, vosk_tiny: Path) -> Callable[[dict[str, Any]], Path]:
    """Return a function that makes a model folder as tests/cases/model_folders.yaml says."""

    def make(case: dict[str, Any]) -> Path:
        path = tmp_path / "my model"
        if "file" in case:
            path.write_text(case["file"])
        elif case.get("zip"):
            with zipfile.ZipFile(path, "w") as packed:
                packed.writestr("vosk-model/am/final.mdl", "x")
        elif not case.get("missing"):
            _fill(path / case.get("at", ""), case, vosk_tiny)
        return path

    return make


def _fill(folder: Path, case: dict[str, Any], model: Path) -> None:
    folder.mkdir(parents=True)
    if case.get("base") == "model":
        shutil.copytree(model, folder, dirs_exist_ok=True)
    for name in case.get("remove", ()):
        (folder / name).unlink()
    for name, size in case.get("cut", {}).items():
        os.truncate(folder / name, size)
    for name, text in case.get("write", {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


NAME = "vosk-model-small-en-us-0.0"


@pytest.fixture(scope="module")
def good(vosk_tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole model, packed, with the dither that published models have."""
    path = tmp_path_factory.mktemp("archive") / f"{NAME}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(vosk_tiny.rglob("*")):
            name = f"{NAME}/{file.relative_to(vosk_tiny).as_posix()}"
            if file.name == "mfcc.conf":
                packed.writestr(name, file.read_text().replace("--dither=0", "--dither=1.0"))
            elif file.is_file():
                packed.write(file, name)
    return path
