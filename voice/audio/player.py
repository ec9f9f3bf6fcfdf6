"""Play speech on this machine's loudspeaker."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable
from types import TracebackType
from typing import Any, Final

from voice.audio.devices import ADVICE, find_device, load_library, real_backends
from voice.audio.wav import read_wav
from voice.errors import EngineError, SetupError, VoiceError
from voice.types import BYTES_PER_SAMPLE, AudioChunk

SAFE_BUFFER_MS: Final = 100  # smaller ones run dry when the machine is busy
FAST_BUFFER_MS: Final = 20  # but they begin sooner
BUFFERS: Final = 4
PATIENCE_SECONDS: Final = 5.0  # until a loudspeaker that takes nothing is given up
GONE_SECONDS: Final = 1.0  # a running loudspeaker asks for sound all the time
_POLL_SECONDS: Final = 0.05  # a wait without an end cannot be interrupted on Windows
_DEAF: Final = f"the loudspeaker takes no sound; {ADVICE['loudspeaker']}"


def play(wavs: bytes | Iterable[bytes], device: str | None = None) -> None:
    """Play WAV files of 16 bits and one channel, and return when they were heard.

    The first is heard while the others are made. Ctrl-C (KeyboardInterrupt) stops it at once.
    Raises SetupError where no loudspeaker works, and AudioError for another kind of file.
    """
    with Loudspeaker(device, buffer_ms=SAFE_BUFFER_MS) as loudspeaker:
        playback = loudspeaker.start([wavs] if isinstance(wavs, bytes) else wavs)
        while not loudspeaker.has_played(playback):
            time.sleep(_POLL_SECONDS)


class Playback:
    """One thing being said: sounds that follow each other, perhaps not all made yet."""

    def __init__(self) -> None:
        self.started: float | None = None  # when the first sample was handed over; monotonic
        self.ended: float | None = None  # when the last one was heard, or there will be none
        self.error: VoiceError | None = None  # why there was no more
        self._waiting: list[memoryview] = []
        self._complete = False
        self._lock = threading.Lock()

    def stop(self) -> None:
        """Say no more of it."""
        with self._lock:
            self._waiting.clear()
            self._complete = True
            self.ended = self.ended or time.monotonic()

    def add(self, chunk: AudioChunk) -> bool:
        """Take what follows; return False when no more is wanted."""
        with self._lock:
            if not self._complete and chunk.pcm:
                self._waiting.append(memoryview(chunk.pcm))
            return not self._complete

    def complete(self, silence: bytes = b"", error: VoiceError | None = None) -> None:
        """Tell that nothing follows any more but silence."""
        self.add(AudioChunk(silence))
        with self._lock:
            self.error = error
            self._complete = True

    @property
    def has_waiting(self) -> bool:
        """Return whether there is sound that was not handed over yet."""
        with self._lock:
            return bool(self._waiting)

    def take(self, size: int) -> bytes:
        """Return the next bytes, at most `size`; less when there is no more now."""
        taken = []
        with self._lock:
            while size and self._waiting:
                part, rest = self._waiting[0][:size], self._waiting[0][size:]
                self._waiting[:1] = [rest] if rest else []
                taken.append(part)
                size -= len(part)
            if taken:
                self.started = self.started or time.monotonic()
            elif self._complete:
                self.ended = self.ended or time.monotonic()
        return b"".join(taken)


class Loudspeaker:
    """A loudspeaker that stays open between sounds; a context manager that closes it."""

    def __init__(self, device: str | None = None, *, buffer_ms: int = FAST_BUFFER_MS) -> None:
        self._wanted = device
        self._key: bytes | None = None
        self._buffer_ms = buffer_ms
        self._device: Any = None
        self._rate_hz = 0
        self._asked = 0.0  # when the device last wanted sound; monotonic
        self._playback: Playback | None = None
        self._lock = threading.RLock()  # opening and closing

    def __enter__(self) -> Loudspeaker:
        """Return it, not open yet: the first sound says at which rate."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Stop at once and close the device."""
        if self._playback is not None:
            self._playback.stop()
        self._close()

    def open(self, rate_hz: int) -> bool:
        """Open the device for this rate; return False when it is already.

        Raises SetupError where none works.
        """
        with self._lock:
            is_running = self._device is not None and not self.is_gone()
            if is_running and self._rate_hz == rate_hz:
                return False
            self._close()
            library = load_library("loudspeaker")
            source = self._source()
            next(source)  # miniaudio wants it started
            try:
                found = find_device("loudspeaker", self._wanted, self._key)
                self._key = found.key if found else None
                self._device = library.PlaybackDevice(
                    nchannels=1,
                    sample_rate=rate_hz,
                    buffersize_msec=self._buffer_ms,
                    callback_periods=BUFFERS,
                    device_id=found.handle if found else None,
                    backends=real_backends(library),
                    app_name="voice",
                )
                self._device.start(source)
            except library.MiniaudioError as error:
                self._close()
                raise SetupError(
                    f"the loudspeaker cannot be opened ({error.args[0]}); {ADVICE['loudspeaker']}"
                ) from error
            self._rate_hz, self._asked = rate_hz, time.monotonic() + PATIENCE_SECONDS
            return True

    def is_gone(self) -> bool:
        """Return whether an open device has stopped taking sound."""
        return self._device is not None and time.monotonic() - self._asked > GONE_SECONDS

    def start(self, wavs: Iterable[bytes]) -> Playback:
        """Start to play WAV files one after the other, each when it has been made.

        What is still being played stops. The playback's `error` tells what went wrong.
        """
        if self._playback is not None:
            self._playback.stop()
        self._playback = playback = Playback()
        threading.Thread(
            target=self._feed, args=(playback, wavs), name="speaking", daemon=True
        ).start()
        return playback

    def has_played(self, playback: Playback) -> bool:
        """Return whether it is over; raises what went wrong with it."""
        if playback.ended is not None:
            if playback.error is not None:
                raise playback.error
            return True
        if self.is_gone():
            playback.stop()
            raise SetupError(_DEAF)
        if playback.error is not None and self._device is None:
            raise playback.error
        return False

    def _feed(self, playback: Playback, wavs: Iterable[bytes]) -> None:
        try:
            for wav in wavs:
                chunk = read_wav(wav)
                while playback.has_waiting and chunk.rate_hz != self._rate_hz:
                    time.sleep(_POLL_SECONDS)
                # A waking device loses some ms, and a closing one what it still holds.
                if self.open(chunk.rate_hz):
                    playback.add(AudioChunk(self._silence(1)))
                if not playback.add(chunk):
                    return
        except VoiceError as error:
            playback.complete(self._silence(BUFFERS), error)
        except Exception as error:  # whatever it is, somebody waits for this playback
            playback.complete(error=EngineError(f"speaking failed: {error}"))
        else:
            playback.complete(self._silence(BUFFERS))

    def _silence(self, buffers: int) -> bytes:
        return bytes(buffers * self._buffer_ms * self._rate_hz // 1000 * BYTES_PER_SAMPLE)

    def _source(self) -> Generator[bytes, int, None]:
        """Yield the sound that the device asks for; silence where it gets less."""
        frames = yield b""
        while True:
            self._asked = max(self._asked, time.monotonic())
            playback = self._playback
            frames = yield playback.take(frames * BYTES_PER_SAMPLE) if playback else b""

    def _close(self) -> None:
        with self._lock:
            device, self._device = self._device, None
            if device is not None:
                device.close()
