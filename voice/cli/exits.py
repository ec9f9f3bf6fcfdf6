"""The exit codes (130, Ctrl-C, is main's), and how an error becomes one line and one of them."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from typing import Final

from voice.cli.output import tidy
from voice.errors import VoiceError

DONE: Final = 0
NO: Final = 1  # it ran, and the answer is no
BAD_USE: Final = 2  # wrong use, or input that cannot be used

_LOG = logging.getLogger(__name__)


def complain(message: str) -> None:
    """Write one line to standard error."""
    with contextlib.suppress(OSError):  # nobody is left to hear it
        sys.stderr.write(f"voice: {tidy(message)}\n")
        sys.stderr.flush()


def exit_code(error: Exception) -> int:
    """Say what went wrong in one line, where there is something to say, and return the code."""
    _LOG.debug("the command ended with an error", exc_info=error)
    if isinstance(error, BrokenPipeError):
        return _reader_has_gone()
    complain(_describe(error))
    return BAD_USE


def _describe(error: Exception) -> str:
    # Typer's errors of usage say their line with this method; their classes are not public.
    format_message = getattr(error, "format_message", None)
    if format_message is not None:
        return f"{format_message().rstrip('.')} (see `{_command_path(error)} --help`)"
    if isinstance(error, VoiceError):
        return error.message
    if isinstance(error, OSError):
        name = f"{error.filename}: " if error.filename else ""
        return f"{name}{error.strerror or error}"
    name = type(error).__name__
    return f"unexpected {name}: {error} (VOICE_LOG_LEVEL=debug shows where)"


def _command_path(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    return str(context.command_path) if context is not None else "voice"


def _reader_has_gone() -> int:
    """End without a word, as `voice ask < questions | head -1` wants it."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        # What is still buffered must go nowhere, or the interpreter complains when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE
