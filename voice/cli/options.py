"""The options that several commands share, and the examples that every help ends with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FaqFile = Annotated[
    Path | None,
    typer.Option("--faq", metavar="FILE", help="The FAQ file, instead of the one in the settings."),
]
Locale = Annotated[
    str | None,
    typer.Option("--locale", metavar="TAG", help="Language, as en-US or de."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per line.")]
Speak = Annotated[bool, typer.Option("--speak", help="Also say it through the loudspeaker.")]
OutFile = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Write the speech to a file ending in .wav, .mp3, .ogg or .flac.",
    ),
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show what was compared and how it scored.")
]


def examples(*lines: str) -> str:
    """Return the end of a command's help; the mark keeps the lines as they are."""
    return "\n".join(["Examples:", "", "\b", *(f"  {line}" for line in lines)])
