"""Who is let in: hosts, origins, keys."""

from __future__ import annotations

import pytest

from voice.errors import InputError
from voice.server.guard import Guard, RequestHead

KEY = "a-long-key"
SITE = "https://site.example"


@pytest.fixture(scope="session")
def keyed(start_server):
    """Return a client of a server with keys, a public address and an allowed site."""
    return start_server(
        stt="off",
        tts="off",
        api_keys=f"other-key, {KEY}",
        allowed_hosts="faq.local:8443",
        allowed_origins=f"{SITE}/",
        public_url="https://faq.example/",
    ).client


def refused(settings, **head) -> str | None:
    given = {"method": "POST", "path": "/ask", "host": "localhost:8000", **head}
    try:
        Guard(settings).check(RequestHead(**given))
    except InputError as error:
        return error.code
    return None


@pytest.mark.parametrize(
    ("keys", "authorization", "known"),
    [
        (KEY, f"Bearer {KEY}", True),
        (KEY, f"bearer {KEY}", True),
        (KEY, "Bearer another", False),  # else one client could be as many callers as it likes
        (KEY, f"Basic {KEY}", False),
        (KEY, None, False),
        ("", f"Bearer {KEY}", False),
    ],
)
def test_callers_are_told_apart_by_key_else_by_address(make_settings, keys, authorization, known):
    def head(authorization: str | None) -> RequestHead:
        return RequestHead("POST", "/ask", authorization=authorization)

    guard = Guard(make_settings(api_keys=keys))
    name = guard.caller_name(head(authorization), "127.0.0.1")
    assert (name != "127.0.0.1") is known
    assert KEY not in name
    assert name != guard.caller_name(head("Bearer b-key"), "127.0.0.2")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8000",
        "LOCALHOST:1",
        "localhost.",
        "127.0.0.1:8000",
        "127.8.9.1",
        "[::1]:8000",
        "[::1]",
        None,
    ],
)
def test_own_hosts_are_let_in(settings, host):
    assert refused(settings, host=host) is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "localhost:8000, evil.example",
        "localhost:x",
        "user@localhost",
        "192.168.1.7",
        "[::2]",
        "[evil]",
        "::1",
        "",
        " ",
        "localhost/",
        "bücher.example",
    ],
)
def test_foreign_hosts_are_refused(settings, host):
    assert refused(settings, host=host) == "bad_host"


def test_configured_hosts_are_let_in(make_settings):
    settings = make_settings(
        allowed_hosts="FAQ.local:8443, bücher.example, [fd00::1]", host="192.168.1.7"
    )
    for host in ("faq.local", "xn--bcher-kva.example", "[fd00::1]:80", "192.168.1.7:8000"):
        assert refused(settings, host=host) is None
    assert refused(make_settings(host="0.0.0.0"), host="0.0.0.0") == "bad_host"


def test_the_public_host_reaches_hooks_and_what_a_key_guards(make_settings):
    open_house = make_settings(public_url="https://faq.example")
    keyed = make_settings(public_url="https://faq.example", api_keys=KEY)
    for settings in (open_house, keyed):
        assert refused(settings, host="faq.example", path="/hook/alexa") is None
        assert refused(settings, host="faq.example", path="/", method="GET") == "bad_host"
        assert refused(settings, host="faq.example", path="/hook") == "bad_host"
    assert refused(open_house, host="faq.example") == "bad_host"
    assert refused(keyed, host="faq.example") == "unauthorized"
    assert refused(keyed, host="faq.example", authorization=f"Bearer {KEY}") is None
    assert refused(keyed, host="faq.example", method="OPTIONS") is None


@pytest.mark.parametrize(
    ("origin", "host", "code"),
    [
        ("http://localhost:8000", "localhost:8000", None),
        ("https://localhost:8000", "localhost:8000", None),
        ("http://localhost", "localhost:80", None),
        ("https://localhost:443", "localhost", None),
        ("http://[::1]:8000", "[::1]:8000", None),
        ("http://localhost:9000", "localhost:8000", "bad_origin"),
        ("http://127.0.0.1:8000", "localhost:8000", "bad_origin"),
        ("http://evil.example", "localhost:8000", "bad_origin"),
        ("http://localhost:8000.evil.example", "localhost:8000", "bad_origin"),
        ("http://localhost:8000/", "localhost:8000", "bad_origin"),
        ("null", "localhost:8000", "bad_origin"),
        ("", "localhost:8000", "bad_origin"),
        ("file://", "localhost:8000", "bad_origin"),
        ("chrome-extension://abc", "localhost:8000", "bad_origin"),
        (SITE, "localhost:8000", None),
        ("https://other.site.example", "localhost:8000", "bad_origin"),
        ("http://site.example", "localhost:8000", "bad_origin"),
    ],
)
def test_origins(make_settings, origin, host, code):
    settings = make_settings(allowed_origins=f"{SITE}/")
    assert refused(settings, origin=origin, host=host) == code
    assert refused(settings, origin=origin, host=host, method="GET") is None
    assert refused(settings, origin=origin, host=host, method="DELETE") == code


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        KEY,
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        f"Basic {KEY}",
        f"Bearer {KEY}x",
        "Bearer ä",
    ],
)
@pytest.mark.parametrize("path", ["/ask", "/listen", "/speak", "/v1/models"])
def test_a_key_is_needed_where_keys_are_set(make_settings, authorization, path):
    settings = make_settings(api_keys=KEY)
    assert refused(settings, path=path, authorization=authorization) == "unauthorized"


@pytest.mark.parametrize("key", [KEY, "other-key"])
def test_any_of_the_keys_opens(keyed, key):
    answer = keyed.request(
        "POST", "/ask", "hello", Content_Type="text/plain", Authorization=f"bearer {key}"
    )
    assert answer.status == 200


def test_a_key_may_have_any_letters(make_settings):
    settings = make_settings(api_keys="wëll")
    sent = "wëll".encode().decode("latin-1")  # a character for each byte, as headers come
    assert refused(settings, path="/ask", authorization=f"Bearer {sent}") is None


@pytest.mark.parametrize("path", ["/ask", "//ask", "/%61sk", "/listen", "/speak"])
def test_without_a_key_nothing_is_answered(keyed, path):
    answer = keyed.request("POST", path, "hello", Content_Type="text/plain")
    assert (answer.status, answer.error) == (401, "unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_page_and_health_need_no_key(keyed):
    assert keyed.get("/").status == 200
    assert keyed.get("/health/ready").status == 200


def test_no_upload_is_taken_from_strangers(keyed):
    head = b"POST /listen HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000000\r\n\r\n"
    with keyed.connect() as connection:
        connection.sendall(head + b"x")
        assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")


def test_foreign_hosts_and_origins_are_refused_by_the_server(client):
    foreign = client.get("/health/live", Host="evil.example")
    assert (foreign.status, foreign.error) == (400, "bad_host")
    page = client.post("/ask", {"question": "a"}, Origin="https://evil.example")
    assert (page.status, page.error) == (403, "bad_origin")
    assert "access-control-allow-origin" not in page.headers


def test_allowed_sites_may_read_the_answers(keyed):
    preflight = keyed.request("OPTIONS", "/ask", Origin=SITE, Access_Control_Request_Method="POST")
    assert preflight.status == 200
    assert preflight.headers["access-control-allow-origin"] == SITE
    assert "Authorization" in preflight.headers["access-control-allow-headers"]
    headers = {"Origin": SITE, "Authorization": f"Bearer {KEY}"}
    answer = keyed.post("/ask", {"question": "a"}, **headers)
    assert answer.headers["access-control-allow-origin"] == SITE
    assert answer.headers["vary"] == "Origin"
    assert "Voice-Status" in answer.headers["access-control-expose-headers"]
