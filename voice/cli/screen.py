"""Show a conversation at the microphone: a meter and live words on a terminal, else lines."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Final

from voice.cli.exits import complain
from voice.cli.output import tidy
from voice.cli.replies import Printer

if TYPE_CHECKING:
    from rich.live import Live

    from voice.types import Reply

REFRESH_SECONDS: Final = 0.1
METER_WIDTH: Final = 20
METER_DB: Final = 60.0  # the empty meter is this far below the full one


class LineScreen:
    """Print replies, and nothing while somebody speaks."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer

    def __enter__(self) -> LineScreen:
        """Return it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave nothing behind."""

    def hearing(self, level_db: float, words: str) -> None:
        """Show nothing."""

    def state(self, text: str) -> None:
        """Show nothing."""

    def reply(self, reply: Reply) -> None:
        """Print a reply."""
        self._printer.reply(reply)

    def notice(self, text: str) -> None:
        """Print a line to standard error."""
        complain(text)


class MeterScreen(LineScreen):
    """Also keep a line at the bottom of the terminal: how loud it is, and the words so far."""

    def __init__(self, printer: Printer) -> None:
        super().__init__(printer)
        from rich.console import Console
        from rich.live import Live

        # On standard error, so that replies can go to a file or a pipe.
        self._live: Live = Live(
            console=Console(stderr=True),
            transient=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._state = ""
        self._shown = 0.0  # when it last was; monotonic

    def __enter__(self) -> MeterScreen:
        """Begin the line."""
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Take the line away."""
        self._live.stop()

    def hearing(self, level_db: float, words: str) -> None:
        """Show the level and the words, a few times a second."""
        if time.monotonic() - self._shown >= REFRESH_SECONDS:
            self._show(f"{meter(level_db)} {tidy(words) or self._state}")

    def state(self, text: str) -> None:
        """Show what is going on."""
        self._state = text
        self._show(f"{meter(-METER_DB)} {text}")

    def reply(self, reply: Reply) -> None:
        """Print a reply above the line."""
        self._live.stop()
        super().reply(reply)
        self._live.start()

    def notice(self, text: str) -> None:
        """Print a line above it."""
        self._live.stop()
        super().notice(text)
        self._live.start()

    def _show(self, line: str) -> None:
        from rich.text import Text

        self._shown = time.monotonic()
        self._live.update(Text(line, no_wrap=True, overflow="ellipsis"), refresh=True)


def open_screen(printer: Printer) -> LineScreen:
    """Return what fits here."""
    return MeterScreen(printer) if sys.stderr.isatty() else LineScreen(printer)


def meter(level_db: float) -> str:
    """Return a level as a bar; 0 dB, the loudest there is, fills it."""
    filled = round(METER_WIDTH * min(max(1 + level_db / METER_DB, 0.0), 1.0))
    return f"[{'#' * filled}{' ' * (METER_WIDTH - filled)}]"
