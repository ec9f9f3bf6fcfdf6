from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest

from voice import access
from voice.access import Access, KeyFile
from voice.errors import InputError, SetupError
from voice.settings import Settings


def test_a_key_opens_until_it_is_revoked(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "LOOK_SECONDS", 0.0)
    opened = Access(settings)
    assert not opened.is_guarded()
    key = KeyFile(settings).add("phone", ("ask",))
    found = opened.find(key)
    assert found is not None
    assert (found.name, found.scopes) == ("phone", ("ask",))
    assert opened.find_id(found.id) == found
    assert opened.find(key + "x") is None
    KeyFile(settings).revoke("phone")
    assert opened.find(key) is None
    assert opened.find_id(found.id) is None
    assert opened.is_guarded(), "who revokes the last key wants nobody let in"


def test_the_last_key_may_go_before_anybody_asked(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "LOOK_SECONDS", 0.0)
    KeyFile(settings).add("phone", ("ask",))
    opened = Access(settings)
    KeyFile(settings).revoke("phone")
    assert opened.is_guarded()


def test_keys_of_the_settings_count_as_well(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(api_keys="one, two")
    made = KeyFile(settings).add("three", ("admin",))
    found = [Access(settings).find(key) for key in ("one", "two", made, "four", "ä\udcff")]
    assert [key and key.scopes for key in found] == [
        ("ask", "speak"),
        ("ask", "speak"),
        ("admin",),
        None,
        None,
    ]


def test_the_key_itself_is_nowhere_and_the_file_is_the_owners(settings: Settings) -> None:
    key = KeyFile(settings).add("phone", ("ask",))
    path = KeyFile(settings).path
    assert key not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir() if "access.json." in each.name] == []


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 61, "<b>", "ключ\0"])
def test_names_that_cannot_be(settings: Settings, name: str) -> None:
    with pytest.raises(InputError, match="a key's name is"):
        KeyFile(settings).add(name, ("ask",))


def test_a_name_is_taken_once_and_forgotten_once(settings: Settings) -> None:
    KeyFile(settings).add("phone", ("ask",))
    with pytest.raises(InputError, match="named phone already"):
        KeyFile(settings).add("phone", ("ask",))
    KeyFile(settings).revoke("phone")
    with pytest.raises(InputError, match="no key named phone"):
        KeyFile(settings).revoke("phone")


def test_there_is_a_most(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "MAX_KEYS", 1)
    KeyFile(settings).add("one", ("ask",))
    with pytest.raises(InputError, match="there are 1 keys already"):
        KeyFile(settings).add("two", ("ask",))


@pytest.mark.parametrize("text", ["", "{", "7", '[{"name": "x"}]', '[{"scopes": 1}]', "null"])
def test_a_damaged_file_is_one_line_and_lets_nobody_in(settings: Settings, text: str) -> None:
    path = KeyFile(settings).path
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(SetupError, match="cannot read the keys") as caught:
        Access(settings)
    assert "\n" not in caught.value.message


def test_many_at_once_lose_no_key(settings: Settings) -> None:
    threads = [
        threading.Thread(target=KeyFile(settings).add, args=(f"key {number}", ("ask",)))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = json.loads(KeyFile(settings).path.read_text())
    assert sorted(each["name"] for each in kept) == [f"key {number}" for number in range(8)]
