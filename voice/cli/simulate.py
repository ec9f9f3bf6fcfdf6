"""`voice simulate`: try a voice platform without an account."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from voice.cli.exits import DONE, complain
from voice.cli.lines import checked, read_questions
from voice.cli.options import AsJson, FaqFile, Locale, examples
from voice.cli.output import put, put_json, readable, tidy
from voice.cli.session import settings_from
from voice.errors import InputError, VoiceError

if TYPE_CHECKING:
    from voice.settings import Settings
    from voice.simulate.protocol import Caller, Heard

EXAMPLES = examples(
    'voice simulate alexa "is it bad to crack my back"',
    "voice simulate twilio < a-conversation.txt",
    'voice simulate dialogflow-cx "why does my back crack" -v',
    'voice simulate openai "why does my back crack" --url http://127.0.0.1:8000',
)


PlatformName = Annotated[
    str,
    typer.Argument(
        metavar="PLATFORM", help="alexa, dialogflow-es, dialogflow-cx, twilio, wyoming or openai."
    ),
]
Question = Annotated[
    str | None,
    typer.Argument(
        metavar="QUESTION", help="What is said; without it, each line of standard input is."
    ),
]
Url = Annotated[
    str | None,
    typer.Option(
        "--url", metavar="URL", help="A running server; without it, one is started for this."
    ),
]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Show the raw exchange as well.")]


def command(
    platform: PlatformName,
    question: Question = None,
    url: Url = None,
    faq: FaqFile = None,
    locale: Locale = None,
    verbose: Verbose = False,
    as_json: AsJson = False,
) -> int:
    """Call a server as a voice platform does.

    Prints what a caller would hear. The requests are signed with test keys. A server started for
    this trusts them; another one only when it was given them: `voice serve --testing`, with the
    same settings as here.
    """
    from voice.simulate import SIMULATORS

    if platform not in SIMULATORS:
        raise InputError(f"no such platform; there are {', '.join(SIMULATORS)}")
    lines = read_questions(sys.stdin.buffer) if question is None else [readable(question)]
    with _called(platform, url, {"faq": faq, "locale": locale}) as caller:
        opening = caller.start()
        if opening is not None:
            _tell(opening, "", verbose=verbose, as_json=as_json)
        for line in map(str.strip, lines):
            heard = caller.say(checked(line))
            _tell(heard, line, verbose=verbose, as_json=as_json)
            if heard.ended:
                break
    return DONE


@contextmanager
def _called(platform: str, url: str | None, overrides: dict[str, Any]) -> Iterator[Caller]:
    """Lend a caller of a server that runs, or of one that is started for it; hang up afterwards."""
    from voice.simulate import open_caller

    with ExitStack() as stack:
        settings: Settings = settings_from(**overrides)
        if url is None:
            url, settings = _start(stack, platform, overrides)
        caller = open_caller(platform, _checked_url(url), settings)
        try:
            yield caller
        except BaseException:
            with suppress(VoiceError):  # what went wrong first is told
                caller.close()
            raise
        caller.close()


def _start(stack: ExitStack, platform: str, overrides: dict[str, Any]) -> tuple[str, Settings]:
    """Start a server that trusts the platform's test keys; return its address and settings."""
    from voice.simulate import trusting_settings
    from voice.simulate.own_server import own_server

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="voice-simulate-")))
    trusting: dict[str, Any] = {
        **{name: value for name, value in overrides.items() if value is not None},
        **trusting_settings(platform, folder),
    }
    settings = settings_from(**trusting)
    if settings.alexa_test_root is not None:
        complain("the test keys are trusted only because the server was told to (--testing)")
    return stack.enter_context(own_server(trusting, folder / "log")), settings


def _checked_url(url: str) -> str:
    """Return the address without a slash at its end; raises InputError for what is none."""
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        is_right = False
    if not is_right:
        raise InputError("--url must be as http://127.0.0.1:8000")
    return url.rstrip("/")


def _tell(heard: Heard, said: str, *, verbose: bool, as_json: bool) -> None:
    if as_json:
        body = {"said": said, "speech": heard.speech, "ended": heard.ended}
        put_json({**body, "sent": heard.sent, "received": heard.received} if verbose else body)
        return
    if verbose:
        for mark, exchanged in ((">", heard.sent), ("<", heard.received)):
            for line in exchanged.splitlines():
                put(f"{mark} {tidy(line)}")
    put(tidy(heard.speech))
    if heard.ended:
        complain("the call is over")
