"""Set up the log on standard error: one line a message, then the traceback of an error."""

from __future__ import annotations

import logging
from typing import Final

from voice.cli.output import tidy
from voice.settings import Settings

FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"


class OneLine(logging.Formatter):
    """Format a message as one line, whatever a stranger may have put into it."""

    def __init__(self, *, tracebacks: bool) -> None:
        super().__init__(FORMAT)
        self._tracebacks = tracebacks

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the traceback where one belongs to it."""
        record.msg = tidy(record.getMessage())
        record.args = None
        if not self._tracebacks:
            record.exc_info = record.exc_text = record.stack_info = None
        return super().format(record)


def set_up_logging(settings: Settings, *, quiet: bool) -> None:
    """Log from the level of the settings on.

    `quiet` is for commands that end by themselves: they log errors only, and without tracebacks,
    unless a level was asked for.
    """
    asked = "log_level" in settings.model_fields_set
    level = (
        logging.ERROR if quiet and not asked else logging.getLevelName(settings.log_level.upper())
    )
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(tracebacks=not quiet or level <= logging.DEBUG))
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)
    logging.getLogger("voice").setLevel(level)
