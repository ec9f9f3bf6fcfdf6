"""The microphone as a stream of chunks, whatever rate the device runs at."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final

from voice.audio.devices import find_device
from voice.errors import SetupError
from voice.types import SAMPLE_RATE_HZ, AudioChunk

# A smaller buffer reacts sooner; below this, cheap devices drop samples.
BUFFER_MILLISECONDS: Final = 20
# What waits unread at most: a program that falls behind loses the oldest, never memory.
MAX_WAITING: Final = 1500  # buffers: half a minute
# A running device gives sound all the time, if only zeros; this long without any, it is gone.
GONE_SECONDS: Final = 2.0


class MicrophoneGoneError(SetupError):
    """The microphone stopped giving sound: unplugged, or taken by another program."""

    code = "microphone_gone"


class Microphone:
    """Record from one device; a context manager that opens and closes it.

    The sound library opens the device at its own rate and converts to 16 kHz, one channel.
    """

    def __init__(self, device: str | None = None) -> None:
        self._wanted = device
        self._device: Any = None
        self._chunks: queue.Queue[bytes] = queue.Queue(MAX_WAITING)

    def __enter__(self) -> Microphone:
        """Open the device; raises SetupError in one line when it cannot be used."""
        import miniaudio

        found = find_device("microphone", self._wanted)
        try:
            self._device = miniaudio.CaptureDevice(
                input_format=miniaudio.SampleFormat.SIGNED16,
                nchannels=1,
                sample_rate=SAMPLE_RATE_HZ,
                buffersize_msec=BUFFER_MILLISECONDS,
                device_id=found.handle if found else None,
                app_name="voice",
            )
            receiver = self._receive()
            next(receiver)
            self._device.start(receiver)
        except miniaudio.MiniaudioError as error:
            self.__exit__(None, None, None)
            raise SetupError(
                f"the microphone cannot be opened ({error.args[0]}); is another program using it?"
            ) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the device."""
        if self._device is not None:
            self._device.close()
            self._device = None

    def chunks(self) -> Iterator[AudioChunk]:
        """Yield what is heard, for ever; raises MicrophoneGoneError when nothing comes."""
        while True:
            try:
                yield AudioChunk(self._chunks.get(timeout=GONE_SECONDS))
            except queue.Empty:
                raise MicrophoneGoneError(
                    "the microphone gives no sound any more; plug it in again"
                ) from None

    def drop_waiting(self) -> None:
        """Forget what was heard and not read yet."""
        while not self._chunks.empty():
            self._chunks.get_nowait()

    def _receive(self) -> Iterator[None]:
        """Take buffers in the device's own thread: only queue them, never wait."""
        while True:
            data = yield
            if self._chunks.full():
                self._chunks.get_nowait()
            self._chunks.put_nowait(bytes(data))  # type: ignore[arg-type]
