"""/openapi.json tells what there is, all of it and nothing else."""

from __future__ import annotations

import re

from voice.server.openapi import ROUTES


def test_every_route_is_told_and_no_other(client):
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    told = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert told == {(route.path, route.method.lower()) for route in ROUTES}
    for path, method in told:
        answer = client.request(method.upper(), re.sub(r"\{\w+\}", "page.js", path))
        assert answer.status not in (404, 405), path


def test_replies_are_as_told(client):
    schema = client.get("/openapi.json").json()["components"]["schemas"]["Reply"]
    reply = client.ask("Is it normal for your spine to crack?").json()
    assert list(schema["properties"]) == list(reply)
    assert schema["required"] == list(reply)
