"""Keys made by `voice keys`, the cookie that browsers hold, and the network served with --lan."""

from __future__ import annotations

import json
import re
import ssl
import urllib.request
from collections.abc import Callable

import pytest
from servers import Client, RunningServer

from voice.access import Access, KeyFile
from voice.server import browser_key
from voice.server.browser_key import COOKIE, BrowserKeys, Pairing
from voice.server.certificate import own_certificate
from voice.settings import Settings


@pytest.fixture(scope="module")
def keyed(start_server: Callable[..., RunningServer], tmp_path_factory) -> tuple[Client, dict]:
    """Return a client of a server, and its keys by scope."""
    home = tmp_path_factory.mktemp("keyed")
    file = KeyFile(Settings(home=home))
    keys = {scope: file.add(scope, (scope,)) for scope in ("ask", "speak", "admin")}
    return start_server(stt="off", tts="off", home=str(home)).client, keys


def ask(client: Client, **headers: str) -> int:
    return client.post("/ask", {"question": "hello"}, **headers).status


def cookie_for(client: Client, key: str) -> str:
    answer = client.post("/page/key", {"key": key})
    assert answer.status == 204
    return answer.headers["set-cookie"]


def test_a_key_opens_what_it_is_good_for(keyed):
    client, keys = keyed
    assert ask(client, Authorization=f"Bearer {keys['ask']}") == 200
    for scope in ("speak", "admin"):
        answer = client.post("/ask", {"question": "a"}, Authorization=f"Bearer {keys[scope]}")
        assert (answer.status, answer.error) == (403, "forbidden")
    assert ask(client) == 401
    spoken = client.post("/speak", {"text": "a"}, Authorization=f"Bearer {keys['ask']}")
    assert (spoken.status, spoken.error) == (403, "forbidden")


def test_a_browser_trades_its_key_for_a_cookie(keyed):
    client, keys = keyed
    cookie = cookie_for(client, keys["ask"])
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert keys["ask"] not in cookie
    pair = cookie.partition(";")[0]
    assert ask(client, Cookie=f"theme=dark; {pair}") == 200
    origin = {"Origin": "http://evil.example", "Cookie": pair}
    assert client.post("/ask", {"question": "a"}, **origin).error == "bad_origin"


@pytest.mark.parametrize(
    "change",
    [
        lambda pair: pair[:-1],
        lambda pair: f"{COOKIE}=",
        lambda pair: f"{COOKIE}=a.b.c",
        lambda pair: pair.replace(COOKIE, "other"),
        lambda pair: f'{COOKIE}="',
    ],
)
def test_no_other_cookie_opens(keyed, change):
    client, keys = keyed
    pair = cookie_for(client, keys["ask"]).partition(";")[0]
    assert ask(client, Cookie=change(pair)) == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [({"key": "wrong"}, 401), ({"key": ""}, 401), ({}, 422), ({"key": 7}, 422), ([], 422)],
)
def test_wrong_keys_get_no_cookie(keyed, body, status):
    client, _ = keyed
    answer = client.post("/page/key", body)
    assert answer.status == status
    assert "set-cookie" not in answer.headers


def test_a_cookie_ends_with_its_time_and_its_key(settings, monkeypatch):
    KeyFile(settings).add("phone", ("ask",))
    access = Access(settings)
    keys = BrowserKeys(settings, access)
    [key] = access.keys
    header = f"{COOKIE}={keys.sign(key)}"
    assert keys.find(header) == key
    monkeypatch.setattr(browser_key, "MAX_AGE_SECONDS", -1)
    assert keys.find(header) is None
    monkeypatch.undo()
    KeyFile(settings).revoke("phone")
    assert BrowserKeys(settings, Access(settings)).find(header) is None


@pytest.mark.parametrize(
    "others",
    [
        'state={"open": 1}; ',
        "@odd=1; ",
        "a b=c d; ",
        'half="x; ',
        "name=\xfc; ",
        f"long={'x' * 9000}; ",
    ],
)
def test_cookies_of_other_programs_change_nothing(settings, others):
    KeyFile(settings).add("phone", ("ask",))
    access = Access(settings)
    [key] = access.keys
    keys = BrowserKeys(settings, access)
    assert keys.find(f"{others}{COOKIE}={keys.sign(key)}") == key
    assert keys.find(f"{others}{COOKIE}=wrong") is None


def test_a_pairing_link_is_good_for_a_while(settings, monkeypatch):
    KeyFile(settings).add("paired", ("ask",))
    [key] = Access(settings).keys
    pairing = Pairing(key)
    assert pairing.fits(pairing.code)
    assert not pairing.fits(pairing.code + "x")
    assert not pairing.fits("ä")
    monkeypatch.setattr(browser_key, "PAIRING_SECONDS", -1)
    late = Pairing(key)
    assert not late.fits(late.code)


def test_without_lan_there_is_no_pairing(client):
    answer = client.get("/pair/anything")
    assert (answer.status, answer.error) == (404, "not_found")


@pytest.mark.slow
def test_the_network_is_served_over_https_to_paired_devices(
    start_server: Callable[..., RunningServer], tmp_path
):
    command = ["-m", "voice", "serve", "--lan", "--host", "127.0.0.2"]
    server = start_server(*command, wait=False, home=str(tmp_path), stt="off", tts="off")
    lines = [server.process.stdout.readline()]
    while "SHA-256" not in lines[-1]:
        lines.append(server.process.stdout.readline())
    told = "".join(lines)
    base = re.search(r"https://127\.0\.0\.2:\d+", told)[0]
    link = re.search(rf"{base}/pair/\S+", told)[0]
    assert "█" in told
    trust = ssl.create_default_context(cafile=tmp_path / "keys" / "lan-certificate.pem")
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=trust), urllib.request.HTTPCookieProcessor()
    )
    question = urllib.request.Request(
        f"{base}/ask", json.dumps({"question": "is it bad to crack my back"}).encode()
    )
    question.add_header("Content-Type", "application/json")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        opener.open(question)
    with opener.open(link) as page:  # the link leads to the page
        assert page.url == f"{base}/"
        assert b"<html" in page.read()
    with opener.open(question) as answer:
        assert json.load(answer)["status"] == "answer"
    server.stop()


def test_a_certificate_is_kept_while_it_fits(tmp_path):
    first = own_certificate(tmp_path, ["192.0.2.7", "desk.local"])
    assert own_certificate(tmp_path, ["desk.local", "192.0.2.7"]).fingerprint == first.fingerprint
    assert first.key_path.stat().st_mode & 0o077 == 0
    moved = own_certificate(tmp_path, ["192.0.2.8", "desk.local"])
    assert moved.fingerprint != first.fingerprint
    moved.key_path.write_bytes(own_certificate(tmp_path / "other", ["a"]).key_path.read_bytes())
    halved = own_certificate(tmp_path, ["192.0.2.8", "desk.local"])
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(halved.path, halved.key_path)
    moved.path.write_text("garbage")
    assert own_certificate(tmp_path, ["192.0.2.8", "desk.local"]).fingerprint != halved.fingerprint
