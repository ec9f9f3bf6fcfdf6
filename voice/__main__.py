"""Run the program: `voice`, or `python -m voice`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any, Final, NoReturn

INTERRUPTED: Final = 130
# What is loading in threads cannot be stopped; nobody who pressed Ctrl-C waits for it longer.
GRACE_SECONDS: Final = 1.0


def main() -> None:
    """Run the command line and exit with its code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored
        signal.signal(signal.SIGINT, _interrupt)
    try:
        from voice.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


def _interrupt(*_: Any) -> NoReturn:
    """Let the command end in order, but not for long; a second Ctrl-C ends it at once."""
    signal.signal(signal.SIGINT, _end)
    timer = threading.Timer(GRACE_SECONDS, _end)
    timer.daemon = True
    timer.start()
    raise KeyboardInterrupt


def _end(*_: Any) -> NoReturn:
    os._exit(INTERRUPTED)  # children end with us: their standard input closes


if __name__ == "__main__":
    main()
