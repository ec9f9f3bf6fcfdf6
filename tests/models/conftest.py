"""A real HTTP server that can be slow, lie, break off, redirect, and send the wrong bytes."""

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
    silent: bool = False
    ranges: list[str] = field(default_factory=list)  # of the requests that came
    url: str = ""


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            if name.startswith("moved/"):
                self.send_response(302)
                self.send_header("Location", f"{site.url}/{name.removeprefix('moved/')}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if name not in site.files:
                self.send_error(404)
                return
            site.ranges.append(self.headers.get("Range", ""))
            self._send(site.files[name])

        def _send(self, data: bytes) -> None:
            start = 0
            asked = self.headers.get("Range")
            if asked and site.resumes:
                start = int(asked.removeprefix("bytes=").rstrip("-"))
                if start >= len(data):
                    self.send_response(416)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            else:
                self.send_response(200)
            body = data[start:]
            self.send_header("Content-Length", str(site.claim or len(body)))
            self.end_headers()
            if site.break_after:
                body = body[: site.break_after.pop(0)]
            self.wfile.write(body)
            if site.endless:
                while True:
                    self.wfile.write(bytes(1 << 16))
            self.close_connection = True

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a running server on a real port."""
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    server.daemon_threads = True
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
