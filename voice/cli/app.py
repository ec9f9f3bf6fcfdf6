"""Put the commands together and run one: the only place that turns errors into exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Annotated, Any, Final

import typer

from voice import __version__
from voice.cli import ask, chat, doctor, faq, keys, listen, models, say, serve, simulate, voices
from voice.cli.exits import BAD_USE, DONE, exit_code
from voice.cli.options import examples
from voice.cli.output import open_streams, put

NAME: Final = "voice"
EXAMPLES: Final = examples(
    "voice serve",
    'voice ask "why does my back crack?"',
    "voice listen question.wav",
    "voice doctor",
)
# Each member holds its command and the examples of its help.
COMMANDS: Final[tuple[ModuleType, ...]] = (
    *(ask, listen, chat, say, voices),
    *(serve, simulate, doctor),
)
GROUPS: Final[tuple[ModuleType, ...]] = (models, faq, keys)


def build() -> typer.Typer:
    """Return the whole command line."""
    app = _typer(help="Ask one FAQ file by voice or text and hear the answer, offline.")
    app.callback(invoke_without_command=True, epilog=EXAMPLES)(_top)
    for module in COMMANDS:
        _add(app, module.__name__.rpartition(".")[2], module.command, module.EXAMPLES)
    for module in GROUPS:
        group = _typer(help=module.HELP, epilog=module.EXAMPLES)
        group.callback(invoke_without_command=True)(_group)
        for name, (command, lines) in module.GROUP.items():
            _add(group, name, command, lines)
        app.add_typer(group, name=module.__name__.rpartition(".")[2])
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; no error but Ctrl-C is raised."""
    open_streams()
    try:
        # Not Typer's own main(): it would settle interrupts and broken pipes in its own way.
        command = typer.main.get_command(build())
        with command.make_context(NAME, list(arguments)) as context:
            code = command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as done:
        return done.exit_code
    except Exception as error:
        return exit_code(error)
    return code if isinstance(code, int) else DONE


def _typer(**options: Any) -> typer.Typer:
    return typer.Typer(
        name=NAME,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        **options,
    )


def _add(app: typer.Typer, name: str, command: Callable[..., int], lines: str) -> None:
    app.command(name, epilog=lines)(command)


def _group(context: typer.Context) -> None:
    """Show the help when no command of the group is given; that is wrong use."""
    if context.invoked_subcommand is None:
        put(context.get_help())
        raise typer.Exit(BAD_USE)


def _top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        put(f"{NAME} {__version__}")
        raise typer.Exit(DONE)
    _group(context)
