"""Where certificate chains are believed to be, and how they are fetched."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from voice.errors import InputError
from voice.platforms.alexa.chains import MAX_CHAIN_BYTES, checked_url, fetch_chain, read_chain
from voice.simulate.certificates import Authority, as_pem, key_as_pem, new_key

URLS: dict[str, list[Any]] = YAML(typ="safe").load(
    (Path(__file__).parents[2] / "cases" / "alexa_cert_urls.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", URLS["sound"], ids=lambda case: case["url"])
def test_addresses_of_amazons_are_fetched_in_one_form(case: dict[str, str]) -> None:
    assert checked_url(case["url"]) == case.get("fetched", case["url"])


@pytest.mark.parametrize("url", URLS["refused"], ids=ascii)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(InputError) as caught:
        checked_url(url)
    assert (caught.value.http_status, caught.value.code) == (400, "not_from_alexa")


def test_an_address_may_have_512_characters() -> None:
    start = "https://s3.amazonaws.com/echo.api/"
    assert checked_url(start + "a" * (512 - len(start)))
    with pytest.raises(InputError):
        checked_url(start + "a" * (513 - len(start)))


@settings(deadline=None)
@given(st.text() | st.text().map("https://s3.amazonaws.com/echo.api/".__add__))
def test_no_text_leads_elsewhere(text: str) -> None:
    try:
        url = checked_url(text)
    except InputError:
        return
    assert url.startswith("https://s3.amazonaws.com/echo.api/")
    assert ".." not in url.partition("?")[0].split("/")


class Host(BaseHTTPRequestHandler):
    """A host that does what the address says."""

    def do_GET(self) -> None:
        name = self.path.strip("/")
        if name == "slow":
            time.sleep(3)
            return
        if name == "moved":
            self.send_response(302)
            self.send_header("Location", "/small")
        else:
            self.send_response(404 if name == "missing" else 200)
        self.end_headers()
        if name != "moved":
            self.wfile.write(b"x" * (MAX_CHAIN_BYTES + (name == "large")))

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_file_is_fetched(host: str) -> None:
    assert len(fetch_chain(f"{host}/small")) == MAX_CHAIN_BYTES


@pytest.mark.slow
@pytest.mark.parametrize("name", ["moved", "missing", "large", "slow"])
def test_hosts_that_misbehave(host: str, name: str) -> None:
    started = time.monotonic()
    with pytest.raises(OSError, match=r"answers 302|answers 404|larger|timed out"):
        fetch_chain(f"{host}/{name}")
    assert time.monotonic() - started < 20


def test_a_host_without_a_trusted_certificate(authority: Authority, tmp_path: Path) -> None:
    key = new_key()
    leaf = authority.issue(key, ["localhost"], common_name="localhost")
    (tmp_path / "host.pem").write_bytes(as_pem(leaf) + key_as_pem(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "host.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.handle_error = lambda request, client: None  # the caller hangs up: that is wanted
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            fetch_chain(f"https://localhost:{server.server_address[1]}/small")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_host_that_is_not_there() -> None:
    with pytest.raises(OSError):  # noqa: PT011
        fetch_chain("http://127.0.0.1:1/small")


def test_tests_read_chains_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs" / "a.pem").write_bytes(b"chain")
    (tmp_path / "secret").write_bytes(b"secret")
    folder = tmp_path / "certs"
    assert read_chain(folder, "https://s3.amazonaws.com/echo.api/b/a.pem?x=../secret") == b"chain"
    for name in ("..", ".", "", "b.pem", "..\\secret", "C:a.pem", "a.pem/", "a.pem/..", ".a.pem"):
        with pytest.raises(OSError):  # noqa: PT011
            read_chain(folder, f"https://s3.amazonaws.com/echo.api/{name}")
