"""`voice keys`."""

from __future__ import annotations

import json

import pytest


def test_a_key_is_made_told_once_listed_and_revoked(here, tmp_path):
    home = str(tmp_path / "home")
    made = here("keys", "add", "phone", VOICE_HOME=home)
    assert made.code == 0
    assert len(made.out.strip()) == 43
    listed = here("keys", "list", VOICE_HOME=home)
    assert "phone" in listed.out
    assert "ask speak" in listed.out
    assert made.out.strip() not in listed.out
    assert here("keys", "revoke", "phone", VOICE_HOME=home).code == 0
    assert "there are no keys" in here("keys", "list", VOICE_HOME=home).out


def test_json_for_programs(here, tmp_path):
    home = str(tmp_path / "home")
    made = json.loads(
        here("keys", "add", "desk", "--scope", "admin", "--json", VOICE_HOME=home).out
    )
    assert (made["name"], made["scopes"]) == ("desk", ["admin"])
    listed = json.loads(here("keys", "list", "--json", VOICE_HOME=home).out)
    assert set(listed) == {"name", "scopes", "created"}
    gone = json.loads(here("keys", "revoke", "desk", "--json", VOICE_HOME=home).out)
    assert gone == {"name": "desk", "revoked": True}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "phone", "--scope", "everything"), "everything is no scope; there are ask, speak"),
        (("add", "a\nb"), "a key's name is"),
        (("revoke", "nobody"), "there is no key named nobody"),
        (("add",), "Missing argument"),
    ],
)
def test_bad_use_is_one_line(here, tmp_path, arguments, says):
    done = here("keys", *arguments, VOICE_HOME=str(tmp_path / "home"))
    assert done.code == 2
    assert says in done.err
    assert done.err.count("\n") == 1
