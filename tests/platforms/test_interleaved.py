"""Conversations that take turns over two server processes: none hears what another one asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from servers import RunningServer

from benchmarks.interleaving import interleave, process_settings
from voice.simulate import SIMULATORS

PROCESSES = 2
CONVERSATIONS = 60


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    folder = tmp_path_factory.mktemp("interleaved")
    return [process_settings(folder) for _ in range(PROCESSES)]


@pytest.fixture(scope="module")
def ports(start_server: Callable[..., RunningServer], settings: list[dict[str, str]]) -> list[int]:
    command = ("-m", "voice", "serve", "--testing")
    return [start_server(*command, **one).client.port for one in settings]


@pytest.mark.slow
@pytest.mark.parametrize("platform", SIMULATORS)
def test_no_conversation_is_taken_for_another(
    platform: str, ports: list[int], settings: list[dict[str, str]]
) -> None:
    assert interleave(platform, ports, settings, CONVERSATIONS) == []


@pytest.mark.slow
def test_a_process_with_another_key_would_be_noticed(
    start_server: Callable[..., RunningServer], ports: list[int], settings: list[dict[str, str]]
) -> None:
    stranger = {**settings[0], "secret_keys": "another-key", "wyoming_uri": ""}
    other = start_server("-m", "voice", "serve", "--testing", **stranger)
    assert interleave("dialogflow-cx", [ports[0], other.client.port], settings, 10)
