"""/openapi.json tells what there is, all of it and nothing else."""

from __future__ import annotations

import re

from voice.opening import open_assistant
from voice.server.app import create_app


def test_every_route_is_told_and_no_other(client, make_settings):
    settings = make_settings(stt="off", tts="off")
    app = create_app(settings, open_assistant(settings))
    there = {
        (re.sub("<(?:path:)?(\\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    told = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert told == there


def test_replies_are_as_told(client):
    schema = client.get("/openapi.json").json()["components"]["schemas"]["Reply"]
    reply = client.ask("Is it normal for your spine to crack?").json()
    assert list(schema["properties"]) == list(reply)
    assert schema["required"] == list(reply)
