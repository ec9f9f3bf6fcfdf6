"""How long hearing may take."""

from __future__ import annotations

import time
from typing import Final

from voice.caller import current
from voice.types import AudioChunk

AUDIO_BASE_SECONDS: Final = 3.0  # a spoken turn may take this, and ...
AUDIO_FACTOR: Final = 1.5  # ... this for each second of audio, but never over ...
AUDIO_LIMIT_SECONDS: Final = 60.0  # ... this


def audio_deadline_seconds(audio_seconds: float) -> float:
    """Return how long cutting out and recognizing the speech of that much audio may take."""
    return min(AUDIO_BASE_SECONDS + AUDIO_FACTOR * audio_seconds, AUDIO_LIMIT_SECONDS)


def audio_deadline(audio: AudioChunk) -> float:
    """Return until when (monotonic) audio must be heard, waiting for its turn included."""
    return time.monotonic() + current().seconds_left(audio_deadline_seconds(audio.seconds))
