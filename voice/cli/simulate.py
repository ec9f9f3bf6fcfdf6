"""`voice simulate`: try a voice platform without an account."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voice.cli.exits import DONE, complain
from voice.cli.options import AsJson, FaqFile, Locale, examples
from voice.cli.output import put, put_json, readable, tidy
from voice.cli.session import settings_from
from voice.errors import InputError

if TYPE_CHECKING:
    from voice.settings import Settings
    from voice.simulate.protocol import Caller, Heard

EXAMPLES = examples(
    'voice simulate alexa "is it bad to crack my back"',
    "voice simulate twilio < a-conversation.txt",
    'voice simulate dialogflow-cx "why does my back crack" -v',
    'voice simulate openai "hello" --url http://127.0.0.1:8000',
)
MAX_QUESTION_CHARS = 20_000


def command(
    platform: Annotated[
        str,
        typer.Argument(
            metavar="PLATFORM",
            help="alexa, dialogflow-es, dialogflow-cx, twilio, wyoming or openai.",
        ),
    ],
    question: Annotated[
        str | None,
        typer.Argument(
            metavar="QUESTION", help="What is said; without it, each line of standard input is."
        ),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(
            "--url", metavar="URL", help="A running server; without it, one is started for this."
        ),
    ] = None,
    faq: FaqFile = None,
    locale: Locale = None,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Show the raw exchange as well.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Call a server as a voice platform's cloud does, and print what a caller would hear.

    The requests are signed with test keys. A server started for this trusts them; another one only
    when it was given them: `voice serve --testing`, with the same settings as here.
    """
    from voice.simulate import SIMULATORS

    if platform not in SIMULATORS:
        raise InputError(f"no such platform; there are {', '.join(SIMULATORS)}")
    with ExitStack() as stack:
        caller = _call(stack, platform, url, {"faq": faq, "locale": locale})
        opening = caller.start()
        if opening is not None:
            _tell(opening, "", verbose=verbose, as_json=as_json)
        for line in [question] if question is not None else _lines():
            heard = caller.say(line[:MAX_QUESTION_CHARS])
            _tell(heard, line, verbose=verbose, as_json=as_json)
            if heard.ended:
                break
    return DONE


def _call(stack: ExitStack, platform: str, url: str | None, overrides: dict[str, Any]) -> Caller:
    """Return a caller of a server that runs, or of one that is started for it."""
    from voice.simulate import open_caller, trusting_settings
    from voice.simulate.own_server import own_server

    settings: Settings = settings_from(**overrides)
    if url is None:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="voice-simulate-")))
        trusting: dict[str, Any] = {
            **{name: value for name, value in overrides.items() if value is not None},
            **trusting_settings(platform, folder),
        }
        complain("the test keys are trusted only because the server was told to (--testing)")
        url = stack.enter_context(own_server(trusting, folder / "log"))
        settings = settings_from(**trusting)
    caller = open_caller(platform, url, settings)
    stack.callback(caller.close)
    return caller


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        yield readable(line.strip())


def _tell(heard: Heard, said: str, *, verbose: bool, as_json: bool) -> None:
    if as_json:
        body = {"said": said, "speech": heard.speech, "ended": heard.ended}
        put_json({**body, "sent": heard.sent, "received": heard.received} if verbose else body)
        return
    if verbose:
        put(readable(f"> {heard.sent}"))
        put(readable(f"< {heard.received}"))
    put(tidy(heard.speech))
    if heard.ended:
        complain("the call is over")
