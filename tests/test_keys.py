from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from voice.keys import signing_keys
from voice.settings import Settings


def key_file(settings: Settings) -> Path:
    return settings.home_folder / "keys" / "conversation"


def test_key_is_made_once_for_the_owner_only(settings: Settings) -> None:
    assert signing_keys(settings) == signing_keys(settings)
    assert len(signing_keys(settings)[0]) >= 32
    if sys.platform != "win32":
        assert stat.S_IMODE(key_file(settings).stat().st_mode) == 0o600


def test_all_who_start_at_once_have_the_same_key(settings: Settings) -> None:
    with ThreadPoolExecutor(20) as threads:
        keys = set(threads.map(lambda _: signing_keys(settings), range(20)))
    assert len(keys) == 1
    assert [path.name for path in key_file(settings).parent.iterdir()] == ["conversation"]


def test_keys_of_the_settings_come_first(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(secret_keys=["new", "old"])
    assert signing_keys(settings) == ("new", "old")
    assert not key_file(settings).exists()


@pytest.mark.parametrize("spoil", ["folder", "bytes", "empty"])
def test_home_that_cannot_be_used_gives_a_key_for_this_process(
    settings: Settings, spoil: str, caplog: pytest.LogCaptureFixture
) -> None:
    if spoil == "folder":
        settings.home_folder.write_text("a file where the folder should be")
    else:
        key_file(settings).parent.mkdir(parents=True)
        key_file(settings).write_bytes(b"\xff\xfe" if spoil == "bytes" else b"")
    assert len(signing_keys(settings)[0]) >= 32
    assert signing_keys(settings) == signing_keys(settings)
    assert "cannot keep a signing key" in caplog.text
