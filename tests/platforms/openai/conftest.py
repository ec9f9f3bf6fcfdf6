"""OpenAI's own client, talking to real servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from openai import OpenAI
from servers import Answer, Client, RunningServer


@pytest.fixture(scope="session")
def open_official() -> Iterator[Callable[..., OpenAI]]:
    """Return an opener of the official client for a server; it never tries twice."""
    with ExitStack() as owned:

        def open_official(server: RunningServer, key: str = "any") -> OpenAI:
            url = f"http://127.0.0.1:{server.client.port}/v1"
            client = OpenAI(base_url=url, api_key=key, max_retries=0, timeout=90)
            return owned.enter_context(client)

        yield open_official


@pytest.fixture(scope="session")
def reader(open_official: Callable[..., OpenAI], text_server: RunningServer) -> OpenAI:
    """Return the official client of a server that neither hears nor speaks."""
    return open_official(text_server)


@pytest.fixture(scope="session")
def official(open_official: Callable[..., OpenAI], full_server: RunningServer) -> OpenAI:
    """Return the official client of a server that hears and speaks."""
    return open_official(full_server)


@pytest.fixture(scope="session")
def full(full_server: RunningServer) -> Client:
    """Return a plain client of the same server."""
    return full_server.client


@pytest.fixture(scope="session")
def refused() -> Callable[[Answer, int], dict[str, object]]:
    """Return a check of an error, which has all of OpenAI's form and of our own; gives it back."""

    def refused(answer: Answer, status: int) -> dict[str, object]:
        assert answer.status == status, answer.body
        error = answer.json()["error"]
        assert set(error) == {"code", "message", "type", "param"}
        assert error["message"]
        assert "Traceback" not in error["message"]
        return error

    return refused
