"""The microphone as a stream of chunks, whatever rate the device runs at."""

from __future__ import annotations

import queue
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Final

from voice.audio.devices import ADVICE, find_device, list_devices, load_library, real_backends
from voice.errors import SetupError
from voice.types import SAMPLE_RATE_HZ, AudioChunk

# A smaller buffer reacts sooner; below this, cheap devices drop samples.
BUFFER_MILLISECONDS: Final = 20
# What waits unread at most: a program that falls behind loses the oldest, never memory.
MAX_WAITING: Final = 1500  # buffers: half a minute
# A running device gives sound all the time, if only zeros; this long without any, it is gone.
GONE_SECONDS: Final = 2.0
START_SECONDS: Final = 5.0  # but some take a while before the first
# A sound server moves the program to another device when the one it was told to use is gone.
LOOK_SECONDS: Final = 2.0
_GONE: Final = "the microphone gives no sound any more; plug it in again, or choose another"
_POLL_SECONDS: Final = 0.1  # a wait without an end cannot be interrupted on Windows


class MicrophoneGoneError(SetupError):
    """The microphone cannot be used any more, or not yet: it may come back."""

    code = "microphone_gone"


class Microphone:
    """Record from one device, as a context manager; may be opened again after it was closed.

    The sound library opens the device at its own rate and converts to 16 kHz, one channel.
    """

    def __init__(self, device: str | None = None) -> None:
        self._wanted = device
        self._key: bytes | None = None
        self._device: Any = None
        self._buffers: queue.Queue[bytes] = queue.Queue(MAX_WAITING)

    def __enter__(self) -> Microphone:
        """Open the device; raises MicrophoneGoneError in one line when it cannot be used."""
        library = load_library("microphone")
        receiver = self._receive()
        next(receiver)
        self.drop_waiting()
        try:
            found = find_device("microphone", self._wanted, self._key)
            self._key = found.key if found else None
            self._device = library.CaptureDevice(
                input_format=library.SampleFormat.SIGNED16,
                nchannels=1,
                sample_rate=SAMPLE_RATE_HZ,
                buffersize_msec=BUFFER_MILLISECONDS,
                device_id=found.handle if found else None,
                backends=real_backends(library),
                app_name="voice",
            )
            self._device.start(receiver)
        except library.MiniaudioError as error:
            self.__exit__(None, None, None)
            raise MicrophoneGoneError(
                f"the microphone cannot be opened ({error.args[0]}); if another program uses it, "
                f"end that one; else {ADVICE['microphone']}"
            ) from None
        except SetupError as error:
            raise MicrophoneGoneError(error.message) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the device."""
        device, self._device = self._device, None
        if device is not None:
            device.close()

    def chunks(self) -> Iterator[AudioChunk]:
        """Yield what is heard, for ever; raises MicrophoneGoneError when nothing comes."""
        patience, heard = START_SECONDS, time.monotonic()
        looked = heard
        while True:
            try:
                chunk = AudioChunk(self._buffers.get(timeout=_POLL_SECONDS))
            except queue.Empty:
                if time.monotonic() - heard > patience:
                    raise MicrophoneGoneError(_GONE) from None
                continue
            patience, heard = GONE_SECONDS, time.monotonic()
            yield chunk
            if self._key is not None and time.monotonic() - looked > LOOK_SECONDS:
                looked = time.monotonic()
                if all(device.key != self._key for device in list_devices("microphone")):
                    raise MicrophoneGoneError(_GONE)

    @property
    def waiting_seconds(self) -> float:
        """Return how much sound was heard and not read yet."""
        return self._buffers.qsize() * BUFFER_MILLISECONDS / 1000

    def drop_waiting(self) -> None:
        """Forget what was heard and not read yet."""
        try:
            while True:
                self._buffers.get_nowait()
        except queue.Empty:
            return

    def _receive(self) -> Generator[None, bytearray, None]:
        """Take buffers in the device's own thread: only queue them, never wait."""
        while True:
            data = yield
            if self._buffers.full():
                with suppress(queue.Empty):  # read in this moment
                    self._buffers.get_nowait()
            self._buffers.put_nowait(bytes(data))
