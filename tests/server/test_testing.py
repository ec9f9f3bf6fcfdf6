"""What only tests may trust is trusted in tests only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from voice.errors import InputError, SetupError
from voice.opening import open_assistant
from voice.server.app import create_app
from voice.server.run import serve
from voice.settings import Settings
from voice.simulate import trusting_settings

BOTH = ("alexa_test_root", "alexa_test_certs")


@pytest.fixture
def trusting(tmp_path: Path) -> dict[str, str]:
    return {name: str(text) for name, text in trusting_settings("alexa", tmp_path / "t").items()}


def test_who_uses_the_library_must_say_that_it_is_a_test(
    make_settings: Callable[..., Settings], trusting: dict[str, str]
) -> None:
    settings = make_settings(stt="off", tts="off", port=0, **trusting)
    assistant = open_assistant(settings)
    with pytest.raises(InputError, match="--testing"):
        create_app(settings, assistant)
    with pytest.raises(InputError, match="--testing"):
        serve(settings, assistant, say=lambda line: pytest.fail(f"it served: {line}"))
    assert create_app(settings, assistant, testing=True)


@pytest.mark.parametrize("kept", BOTH)
def test_one_without_the_other_is_refused_even_in_tests(
    make_settings: Callable[..., Settings], trusting: dict[str, str], kept: str
) -> None:
    trusting.pop(next(name for name in BOTH if name != kept))
    settings = make_settings(stt="off", tts="off", **trusting)
    with pytest.raises(InputError, match="set both or neither"):
        create_app(settings, open_assistant(settings), testing=True)


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_root_that_cannot_be_read_is_told(
    make_settings: Callable[..., Settings],
    trusting: dict[str, str],
    tmp_path: Path,
    content: bytes | None,
) -> None:
    root = tmp_path / "other.pem"
    if content is not None:
        root.write_bytes(content)
    settings = make_settings(stt="off", tts="off", **{**trusting, "alexa_test_root": str(root)})
    with pytest.raises(SetupError, match="other.pem"):
        create_app(settings, open_assistant(settings), testing=True)
