"""Say replies, and know for how long the microphone would hear them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from voice.audio.player import Loudspeaker, Playback
from voice.errors import VoiceError

# Past the end that the loudspeaker's buffers tell: sound on its way, and the room.
HALF_DUPLEX_SECONDS: Final = 0.3


class Mouth:
    """The loudspeaker of a conversation in which only one side speaks at a time."""

    def __init__(self, loudspeaker: Loudspeaker) -> None:
        self._loudspeaker = loudspeaker
        self._playback: Playback | None = None
        self._ended = 0.0  # monotonic
        self.said = ""  # the last thing

    def say(self, text: str, wavs: Iterator[bytes]) -> None:
        """Begin to say it."""
        self.said = text
        self._playback = self._loudspeaker.start(wavs)

    def is_speaking(self) -> bool:
        """Return whether it speaks; raises what went wrong, once."""
        playback = self._playback
        if playback is None:
            return False
        try:
            if not self._loudspeaker.has_played(playback):
                return True
        except VoiceError:
            self._end()
            raise
        self._end()
        return False

    def is_heard(self) -> bool:
        """Return whether a microphone may hear it now; raises as `is_speaking`."""
        return self.is_speaking() or self.seconds_since < HALF_DUPLEX_SECONDS

    @property
    def seconds_since(self) -> float:
        """Return how long ago it stopped speaking."""
        return time.monotonic() - self._ended

    def stop(self) -> bool:
        """Say no more; return whether it was speaking."""
        if self._playback is None:
            return False
        self._playback.stop()
        return True

    def _end(self) -> None:
        self._playback = None
        self._ended = time.monotonic()
