"""`voice serve`: the server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voice.cli.exits import DONE
from voice.cli.options import AsJson, FaqFile, Locale, examples
from voice.cli.output import put, put_json
from voice.cli.session import settings_from

if TYPE_CHECKING:
    from voice.settings import Settings

EXAMPLES = examples(
    "voice serve",
    "voice serve --port 9000 --faq clinic.yaml",
    "voice serve --print-settings",
)


def command(
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="ADDRESS", help="Address to serve on, as 127.0.0.1."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="PORT", help="Port to serve on; 0 takes a free one."),
    ] = None,
    faq: FaqFile = None,
    locale: Locale = None,
    home: Annotated[
        Path | None,
        typer.Option("--home", metavar="FOLDER", help="Folder for models, keys and FAQ files."),
    ] = None,
    print_settings: Annotated[
        bool,
        typer.Option("--print-settings", help="Print the settings as they take effect, and end."),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Serve the page and the API until Ctrl-C."""
    settings = settings_from(quiet=False, host=host, port=port, faq=faq, locale=locale, home=home)
    if print_settings:
        _print(settings.masked(), as_json=as_json)
        return DONE
    return _serve(settings)


def _serve(settings: Settings) -> int:
    from voice.opening import open_assistant
    from voice.platforms import take_addresses
    from voice.server.listener import bind
    from voice.server.run import serve

    listener = bind(settings)  # a port in use is told before any model is loaded
    platforms = take_addresses(settings)
    assistant = open_assistant(settings)  # one that cannot hear or speak serves text
    try:
        return serve(settings, assistant, listener, say=put, platforms=platforms)
    finally:
        assistant.close()


def _print(values: dict[str, Any], *, as_json: bool) -> None:
    """Print settings as JSON, or as a voice.toml in which what is not set is a comment."""
    if as_json:
        put_json(values)
        return
    for name, value in values.items():
        put(f"# {name} =" if value is None else f"{name} = {json.dumps(value, ensure_ascii=False)}")
