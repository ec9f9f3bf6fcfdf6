"""Health, and the headers of the page."""

from __future__ import annotations


def test_live(client):
    assert client.get("/health/live").json() == {"status": "live"}


def test_ready_warns_of_what_does_not_work_here(client):
    answer = client.get("/health/ready")
    assert answer.status == 200
    health = answer.json()
    assert health["status"] == "ready"
    assert health["reasons"] == []
    assert "recognizer" in " ".join(health["warnings"])
    assert "synthesizer" in " ".join(health["warnings"])


def test_the_page_may_only_load_its_own_files(client):
    for path in ("/", "/page/page.js"):
        answer = client.get(path)
        assert answer.status == 200
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "microphone=(self)" in answer.headers["permissions-policy"]


def test_an_unchanged_page_is_not_sent_again(client):
    first = client.get("/page/page.js")
    again = client.get("/page/page.js", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
