"""What `script/run` does before the first start: fetch a model to hear better with, if it can be.

Run as `python -m voice.cli.first_start`, with the arguments that `voice serve` gets next. Whatever
goes wrong, the server starts: what is wrong with the settings or the FAQ is the server's to tell.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from voice.cli.models_get import shown_progress
from voice.cli.output import put
from voice.errors import VoiceError
from voice.models.first_start import fetch_first_model
from voice.settings import load_settings


def main() -> None:
    """Fetch the model that the settings' FAQ wants, once a day at most."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--locale")
    for name in ("--faq", "--home"):
        parser.add_argument(name, type=Path)
    given, _ = parser.parse_known_args(sys.argv[1:])
    try:
        fetch_first_model(load_settings(vars(given)), put, shown_progress)
    except VoiceError:
        return


if __name__ == "__main__":
    main()
