"""The table of platforms and the files beside it agree."""

from __future__ import annotations

from pathlib import Path

import voice.platforms
from voice.platforms import HOOKS, LISTENERS
from voice.settings import Settings

FOLDER = Path(voice.platforms.__file__).parent
NO_ADAPTERS = {"__init__", "__pycache__", "protocol", "reading", "writing"}
NO_HOOKS = {"openai"}  # at addresses of their own


def test_every_module_is_in_the_table_and_the_other_way_round() -> None:
    found = {path.stem for path in FOLDER.iterdir()} - NO_ADAPTERS
    assert found == {*HOOKS, *LISTENERS, *NO_HOOKS}


def test_every_hook_names_its_own_module_and_real_settings() -> None:
    for name, hook in HOOKS.items():
        assert hook.module == f"voice.platforms.{name}"
        assert hook.settings
        assert set(hook.settings) | set(hook.needs) <= set(Settings.model_fields)


def test_every_listener_names_its_own_module_and_a_real_setting() -> None:
    for name, listener in LISTENERS.items():
        assert listener.module == f"voice.platforms.{name}"
        assert listener.setting in Settings.model_fields
