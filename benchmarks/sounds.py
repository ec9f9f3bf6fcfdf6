"""Sounds to measure with: questions spoken by synthetic voices, noise mixed in, recordings."""

from __future__ import annotations

import subprocess
import tempfile
import zlib
from functools import cache
from pathlib import Path
from shutil import which
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voice.audio.decoder import AudioDecoder
from voice.types import SAMPLE_RATE_HZ, AudioChunk

VOICES: Final = {
    "slt": ("flite", "-voice", "slt"),
    "rms": ("flite", "-voice", "rms"),
    "kal": ("flite", "-voice", "kal"),  # 8 kHz
    "kal16": ("flite", "-voice", "kal16"),
    "espeak-ng": ("espeak-ng", "-v", "en-us"),
}
_PAUSE: Final = bytes(SAMPLE_RATE_HZ)  # half a second before and after
_ACTIVE_DB: Final = 30.0  # below the loudest 20 ms; quieter parts are no speech
_LONGEST_SECONDS: Final = 3600.0

Samples = NDArray[np.float64]


def voices() -> dict[str, tuple[str, ...]]:
    """Return the voices whose programs are on this machine."""
    return {name: command for name, command in VOICES.items() if which(command[0])}


class Sounds:
    """Make and read sounds, all at 16 kHz; close it afterwards."""

    def __init__(self) -> None:
        self._decoder = AudioDecoder(max_bytes=1 << 30)
        self.speak = cache(self._speak)

    def read(self, path: Path) -> AudioChunk:
        """Return a recording."""
        data = path.read_bytes()
        return self._decoder.decode(data, max_seconds=_LONGEST_SECONDS, deadline_seconds=60)

    def _speak(self, voice: str, text: str) -> AudioChunk:
        """Return `text` as the voice says it, with pauses around."""
        program, *options = VOICES[voice]
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "speech.wav"
            given = ["-t", text, "-o"] if program == "flite" else [text, "-w"]
            subprocess.run([program, *options, *given, str(target)], check=True)
            return AudioChunk(_PAUSE + self.read(target).pcm + _PAUSE)

    def close(self) -> None:
        """End the decoder."""
        self._decoder.close()


def add_noise(speech: AudioChunk, noise: AudioChunk, snr_db: float, key: str) -> AudioChunk:
    """Return speech with a piece of the noise, chosen by `key`, at a signal-to-noise ratio.

    The speech's power is that of the 20 ms frames within 30 dB of its loudest one.
    """
    voice, room = _samples(speech), _samples(noise)
    start = zlib.crc32(key.encode()) % (len(room) - len(voice))
    piece = room[start : start + len(voice)]
    frames = voice[: len(voice) // 320 * 320].reshape(-1, 320)
    powers = np.mean(frames**2, axis=1)
    active = powers[powers > powers.max() / 10 ** (_ACTIVE_DB / 10)].mean()
    gain = np.sqrt(active / np.mean(piece**2) / 10 ** (snr_db / 10))
    mixed = np.clip(np.round(voice + gain * piece), -32768, 32767)
    return AudioChunk(mixed.astype("<i2").tobytes())


def _samples(chunk: AudioChunk) -> Samples:
    return np.frombuffer(chunk.pcm, "<i2").astype(np.float64)
