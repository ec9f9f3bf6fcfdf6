"""Single keys from the terminal, without waiting for them."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

INTERRUPT = "\x03"


class TerminalKeys:
    """Read keys as they are pressed, as a context manager that leaves the terminal as it was.

    Where standard input is no terminal there are no keys.
    """

    def __init__(self) -> None:
        self.works = sys.stdin.isatty()
        self._before: Any = None

    def __enter__(self) -> TerminalKeys:
        """Have the terminal hand over each key at once."""
        if self.works and sys.platform != "win32":
            import termios
            import tty

            self._before = termios.tcgetattr(sys.stdin)
            tty.setcbreak(sys.stdin)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give the terminal back."""
        if self._before is not None and sys.platform != "win32":
            import termios

            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._before)

    def pressed(self) -> str | None:
        """Return the next key that was pressed, None when there is none."""
        if not self.works:
            return None
        key = _next_key()
        if key == INTERRUPT:
            raise KeyboardInterrupt
        return key


if sys.platform == "win32":

    def _next_key() -> str | None:
        import msvcrt

        return msvcrt.getwch() if msvcrt.kbhit() else None

else:

    def _next_key() -> str | None:
        import os
        import select

        if not select.select([sys.stdin], [], [], 0)[0]:
            return None
        data = os.read(sys.stdin.fileno(), 1)
        return data.decode("latin-1") or None
