"""Set up the log on standard error: one line a message, then the traceback of an error."""

from __future__ import annotations

import logging
from copy import copy
from typing import Final

from voice.cli.output import tidy
from voice.settings import Settings

FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
QUIET_FORMAT: Final = "voice: %(message)s"  # as errors are told


class OneLine(logging.Formatter):
    """Format a message as one line, whatever a stranger may have put into it."""

    def __init__(self, text: str, *, tracebacks: bool) -> None:
        super().__init__(text)
        self._tracebacks = tracebacks

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the traceback where one belongs to it."""
        record = copy(record)  # other handlers get it as it was
        record.msg = tidy(record.getMessage())
        record.args = None
        if not self._tracebacks:
            record.exc_info = record.exc_text = record.stack_info = None
        return super().format(record)


def _is_not_told_by_the_command(record: logging.LogRecord) -> bool:
    """Leave out what does not work here: a command that needs it ends with that line."""
    return record.name != "voice.opening"


def set_up_logging(settings: Settings, *, quiet: bool) -> None:
    """Log from the level of the settings on.

    `quiet` is for commands that end by themselves: unless a level was asked for, they only warn,
    in plain words.
    """
    quiet = quiet and "log_level" not in settings.model_fields_set
    level = logging.WARNING if quiet else logging.getLevelName(settings.log_level.upper())
    formatter = OneLine(QUIET_FORMAT if quiet else FORMAT, tracebacks=not quiet)
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    if quiet:
        handler.addFilter(_is_not_told_by_the_command)
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)
    logging.getLogger("voice").setLevel(level)
