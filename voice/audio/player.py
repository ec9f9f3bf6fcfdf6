"""Play speech on this machine's loudspeaker."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Generator
from contextlib import suppress
from typing import Any, Final

from voice.audio.wav import read_wav
from voice.errors import SetupError
from voice.types import BYTES_PER_SAMPLE

BUFFER_MS: Final = 100  # smaller ones run dry when the machine is busy
BUFFERS: Final = 4  # one of silence goes before, since a waking device loses some ms, and all of
# them after: what it still holds when it is closed is lost
PATIENCE_SECONDS: Final = 5.0  # past the end, until a loudspeaker that takes nothing is given up
_POLL_SECONDS: Final = 0.1  # a wait without an end cannot be interrupted on Windows
_ADVICE: Final = "connect one, or write the speech to a file with --out"

_NO_MESSAGE: Final = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)(lambda *_: None)


def play(wav: bytes) -> None:
    """Play a WAV file of 16 bits and one channel, and return when it was heard.

    Ctrl-C (KeyboardInterrupt) stops it at once. Raises SetupError where no loudspeaker works, and
    AudioError for another kind of file.
    """
    chunk = read_wav(wav)
    heard = threading.Event()
    silence = bytes(BUFFER_MS * chunk.rate_hz // 1000 * BYTES_PER_SAMPLE)
    source = _feed(silence + chunk.pcm + silence * BUFFERS, heard)
    next(source)  # miniaudio wants it started
    device = _open_loudspeaker(chunk.rate_hz)
    try:
        device.start(source)
        left = chunk.seconds + PATIENCE_SECONDS
        while not heard.wait(_POLL_SECONDS):
            left -= _POLL_SECONDS
            if left < 0:
                raise SetupError(f"the loudspeaker takes no sound; {_ADVICE}")
    finally:
        device.close()


def _feed(pcm: bytes, heard: threading.Event) -> Generator[bytes, int, None]:
    """Yield as many frames as are asked for; tell when there are no more."""
    frames, start = (yield b""), 0
    while start < len(pcm):
        end = start + frames * BYTES_PER_SAMPLE
        frames = yield pcm[start:end]
        start = end
    heard.set()


def _open_loudspeaker(rate_hz: int) -> Any:
    try:
        import miniaudio
    except (ImportError, OSError) as error:
        raise SetupError(f"no sound can be played here ({error}); {_ADVICE}") from error
    _hush_alsa()
    real = miniaudio.get_enabled_backends() - {miniaudio.Backend.NULL, miniaudio.Backend.CUSTOM}
    try:
        return miniaudio.PlaybackDevice(
            nchannels=1,
            sample_rate=rate_hz,
            buffersize_msec=BUFFER_MS,
            callback_periods=BUFFERS,
            backends=sorted(real, key=lambda backend: backend.value),
        )
    except miniaudio.MiniaudioError as error:
        raise SetupError(f"no loudspeaker was found ({error.args[0]}); {_ADVICE}") from error


def _hush_alsa() -> None:
    """Keep ALSA from printing twenty lines where one error says it all."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_NO_MESSAGE)
