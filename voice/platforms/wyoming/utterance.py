"""Sound as it comes in: raw samples of any common rate, width and number of channels."""

from __future__ import annotations

import io
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from voice.audio.raw import MAX_CHANNELS, MAX_RATE_HZ, MIN_RATE_HZ
from voice.errors import AudioError, BusyError

MAX_SECONDS: Final = 30.0
MAX_BYTES: Final = 8 << 20  # more than 30 s of 48 kHz stereo
MAX_BYTES_IN_ALL: Final = 64 << 20  # of all utterances at once
_LIMITS: Final = {
    "rate": (MIN_RATE_HZ, MAX_RATE_HZ),
    "width": (1, 4),
    "channels": (1, MAX_CHANNELS),
}


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """How raw samples are laid out; `width` is bytes a sample, channels are interleaved."""

    rate: int
    width: int
    channels: int

    @property
    def bytes_per_second(self) -> int:
        """Return how many bytes a second of sound has."""
        return self.rate * self.width * self.channels


def sound_format(data: Mapping[str, Any]) -> SoundFormat:
    """Return the format that an audio event names; raises AudioError for an impossible one."""
    for name, (low, high) in _LIMITS.items():
        number = data.get(name)
        if type(number) is not int or not low <= number <= high:
            raise AudioError(f"audio needs a {name} from {low} to {high}")
    return SoundFormat(data["rate"], data["width"], data["channels"])


class SoundBudget:
    """What all utterances that are coming in may take together; used in the event loop only."""

    def __init__(self, left: int = MAX_BYTES_IN_ALL) -> None:
        self.left = left

    def take(self, count: int) -> None:
        """Take bytes; raises BusyError when there are none left."""
        if count > self.left:
            raise BusyError("too much audio at once; try again shortly")
        self.left -= count


class Utterance:
    """One utterance that is coming in."""

    def __init__(self, format: SoundFormat, budget: SoundBudget) -> None:
        self._format = format
        self._budget = budget
        self._pcm = bytearray()

    @property
    def seconds(self) -> float:
        """Return how long it is so far."""
        return len(self._pcm) / self._format.bytes_per_second

    def add(self, pcm: bytes, format: SoundFormat) -> None:
        """Take the next samples.

        Raises AudioError when they are of another format or too many, BusyError when all
        utterances together are.
        """
        if format != self._format:
            raise AudioError("the audio changes its format within an utterance")
        size = len(self._pcm) + len(pcm)
        if size > min(MAX_SECONDS * format.bytes_per_second, MAX_BYTES):
            raise AudioError(
                f"the utterance is longer than {MAX_SECONDS:g} s or {MAX_BYTES >> 20} MB",
                code="audio_too_long",
                http_status=413,
            )
        self._budget.take(len(pcm))
        self._pcm += pcm

    def wav(self) -> bytes:
        """Return it as a WAV file, for the decoder, which resamples."""
        memory = io.BytesIO()
        with wave.open(memory, "wb") as file:
            file.setnchannels(self._format.channels)
            file.setsampwidth(self._format.width)
            file.setframerate(self._format.rate)
            file.writeframes(self._pcm)
        return memory.getvalue()

    def close(self) -> None:
        """Give back what it took."""
        self._budget.left += len(self._pcm)
        self._pcm.clear()
