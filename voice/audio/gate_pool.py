"""Tell speech from noise in children: Silero would hold up everything else in this process.

Measured on two cores, ten uploads at once over the summed bare work of their engines: 0.6, and 1.6
with Silero in the server's own process, whose text answers it slowed down, too.
"""

from __future__ import annotations

import os
from typing import Final

from voice.audio.gate import Span, keep
from voice.errors import SetupError, VoiceError
from voice.types import SAMPLE_RATE_HZ, AudioChunk
from voice.worker import WorkerOptions, WorkerPool

MOST_CHILDREN: Final = 2  # of 20 MB each; one cuts 16 seconds of audio in one on a busy core


class GatePool:
    """Cut speech out of clips in a few children; safe to share between threads."""

    def __init__(self) -> None:
        self._options = WorkerOptions("voice.audio.gate_child:open_gate")
        self._pool = WorkerPool(self._options, min(MOST_CHILDREN, os.cpu_count() or 1))

    def start(self) -> None:
        """Start the first child, the others start when they are needed.

        Raises SetupError when speech cannot be told from noise on this machine.
        """
        try:
            with self._pool.lease(self._options.start_seconds) as worker:
                worker.start()
        except VoiceError as error:
            raise SetupError(f"speech cannot be told from noise here: {error.message}") from error

    def cut(self, chunk: AudioChunk, deadline_seconds: float) -> AudioChunk | None:
        """Return what `SpeechGate.cut` does; raises what `spans` raises."""
        return keep(chunk, self.spans(chunk, deadline_seconds))

    def spans(self, chunk: AudioChunk, deadline_seconds: float) -> tuple[Span, ...]:
        """Return what `SpeechGate.spans` does; a request whose child died is tried once more.

        Raises BusyError when no child gets free in time, DeadlineError, EngineError.
        """
        if chunk.rate_hz != SAMPLE_RATE_HZ:
            raise ValueError(f"audio at {SAMPLE_RATE_HZ} Hz is needed")
        found, _ = self._pool.call("spans", payload=chunk.pcm, deadline_seconds=deadline_seconds)
        return tuple(Span(*ends) for ends in found["spans"])

    def close(self) -> None:
        """End the children."""
        self._pool.stop()
