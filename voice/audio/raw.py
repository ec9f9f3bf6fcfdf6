"""Raw samples without a container: the media type `audio/L16`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from voice.errors import AudioError

MIN_RATE_HZ: Final = 4_000  # below it there is no speech to hear
MAX_RATE_HZ: Final = 768_000  # the highest that any recorder writes
MAX_CHANNELS: Final = 8

_TYPE: Final = "audio/l16"
_ENDIANNESS: Final = ("big-endian", "little-endian")


@dataclass(frozen=True, slots=True)
class RawFormat:
    """How raw 16-bit samples are laid out; channels are interleaved."""

    rate_hz: int
    channels: int = 1
    little_endian: bool = False


def raw_format(content_type: str | None) -> RawFormat | None:
    """Return how raw samples of this media type are laid out, None for any other type.

    `audio/L16;rate=N;channels=M` is big endian (RFC 2586, RFC 3551) unless it says
    `;endianness=little-endian`. Raises AudioError for a rate or channel count that is missing or
    impossible.
    """
    name, *rest = (content_type or "").split(";")
    if name.strip().lower() != _TYPE:
        return None
    given = {}
    for part in rest:
        key, _, value = part.partition("=")
        given[key.strip().lower()] = value.strip().strip('"').lower()
    endianness = given.get("endianness", _ENDIANNESS[0])
    if endianness not in _ENDIANNESS:
        raise AudioError(f"{_TYPE}: endianness must be one of {', '.join(_ENDIANNESS)}")
    return RawFormat(
        rate_hz=_number(given, "rate", MIN_RATE_HZ, MAX_RATE_HZ),
        channels=_number(given, "channels", 1, MAX_CHANNELS, default="1"),
        little_endian=endianness == _ENDIANNESS[1],
    )


def _number(given: dict[str, str], key: str, low: int, high: int, default: str = "") -> int:
    text = given.get(key, default)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not low <= number <= high:
        raise AudioError(f"{_TYPE} needs ;{key}= with a number from {low} to {high}")
    return number
