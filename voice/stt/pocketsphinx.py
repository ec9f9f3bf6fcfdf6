"""PocketSphinx: English with the acoustic model of its wheel, in child processes.

It holds the interpreter lock while it decodes, so each decoder has a process of its own, lent to
one utterance at a time. Partial texts come from live decoding; the transcript comes from decoding
the whole utterance again when it ends, which hears better and costs a sixteenth of its length. The
first audio given is only kept, so that a clip handed over whole is decoded once. What is to be
heard openly goes to further children, with the wheel's own language model; they start when first
needed (0.6 s, 120 MB each) and know no word that common English does not have.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from voice.errors import DeadlineError, SetupError, VoiceError
from voice.settings import Settings
from voice.stt.pcm import checked_pcm
from voice.stt.protocol import Phrases
from voice.stt.sphinx_files import DICTIONARY, LANGUAGE_MODEL
from voice.types import (
    BYTES_PER_SAMPLE,
    SAMPLE_RATE_HZ,
    AudioChunk,
    HearingModel,
    Hypothesis,
    Transcript,
    Word,
)
from voice.worker import FIRST_SHARE, Worker, WorkerDiedError, WorkerOptions, WorkerPool

log = logging.getLogger(__name__)

_SERVICE: Final = "voice.stt.pocketsphinx_child:open_service"
_PREPARE_SECONDS: Final = 120.0
_BYTES_PER_SECOND: Final = SAMPLE_RATE_HZ * BYTES_PER_SAMPLE


class PocketSphinxRecognizer:
    """Hold the decoder children, shared by all callers."""

    name = "pocketsphinx"

    def __init__(self, settings: Settings, phrases: Phrases) -> None:
        """Start the children on a language model of the phrases; raises SetupError."""
        if find_spec("pocketsphinx") is None:
            raise SetupError("PocketSphinx is not installed here; pip install pocketsphinx")
        self._owned = ExitStack()  # what goes when the recognizer is closed
        try:
            folder = self._prepare(settings, phrases())
            try:
                faq = self._start(folder, settings.stt_workers)
            except VoiceError as error:
                log.warning("the files for hearing are made again: %s", error.message)
                shutil.rmtree(folder, ignore_errors=True)  # damaged by a crash or a full disk
                folder = self._prepare(settings, phrases())
                faq = self._start(folder, settings.stt_workers)
        except VoiceError as error:
            self.close()
            raise SetupError(f"PocketSphinx does not start: {error.message}") from error
        openly = WorkerPool(WorkerOptions(_SERVICE), settings.stt_workers)
        self._owned.callback(openly.stop)
        self._pools: Mapping[HearingModel, WorkerPool] = {"faq": faq, "open": openly}

    def stream(self, deadline_seconds: float, model: HearingModel = "faq") -> PocketSphinxStream:
        """Start an utterance that must be finished in `deadline_seconds`.

        Raises BusyError when half of them passed before a decoder was free: begun too late, it
        would only get a healthy child killed.
        """
        deadline = time.monotonic() + deadline_seconds
        lease = ExitStack()
        worker = lease.enter_context(self._pools[model].lease(deadline_seconds / 2))
        return PocketSphinxStream(worker, lease, deadline)

    def ready(self) -> bool:
        """Return True: a child that crashed or hangs is replaced by the next call."""
        return True

    def close(self) -> None:
        """End the children."""
        self._owned.close()

    def _start(self, folder: Path, workers: int) -> WorkerPool:
        arguments = {
            "language_model": str(folder / LANGUAGE_MODEL),
            "dictionary": str(folder / DICTIONARY),
        }
        pool = WorkerPool(WorkerOptions(_SERVICE, arguments), workers)
        self._owned.callback(pool.stop)
        pool.start()
        return pool

    def _prepare(self, settings: Settings, phrases: Sequence[str]) -> Path:
        """Return the folder of the files: in the cache, else a temporary one."""
        try:
            return _prepare(settings.cache_folder / "hearing", settings.language_model, phrases)
        except VoiceError as error:
            log.warning("the cache for hearing cannot be used (%s)", error.message)
        spare = tempfile.TemporaryDirectory(prefix="voice-hearing-", ignore_cleanup_errors=True)
        folder = Path(self._owned.enter_context(spare))
        return _prepare(folder, settings.language_model, phrases)


class PocketSphinxStream:
    """One utterance, with one decoder of its own until it is closed.

    It may be finished while it goes on, as often as wanted; the partial text is then what was heard
    until there, and no longer decoded live.
    """

    repeats = True
    endpoint = False

    def __init__(self, worker: Worker, lease: ExitStack, deadline: float) -> None:
        self._worker = worker
        self._lease = lease
        self._deadline = deadline
        self._audio = bytearray()
        self._sent = 0  # bytes that the child has decoded live
        self._child: int | None = None  # the process that has them
        self._chunks = 0
        self._text: str | None = None  # of the last finish

    def accept(self, chunk: AudioChunk) -> str:
        """Take the next audio (16 kHz) and return the partial text so far, at first none."""
        self._audio += checked_pcm(chunk)
        self._chunks += 1
        if self._chunks == 1 or self._text is not None:
            return self._text or ""
        seconds = self._seconds_left()
        try:
            return self._partial(seconds * FIRST_SHARE)
        except (WorkerDiedError, DeadlineError) as error:
            log.warning("%s; a new child hears it from the start", error.message)
            return self._partial(self._seconds_left())

    def finish(self, audio_seconds: float | None = None) -> Transcript:
        """End the utterance and return its transcript."""
        audio = bytes(self._audio)
        seconds = self._seconds_left()
        answer, _ = self._worker.call("decode", {}, audio, deadline_seconds=seconds, tries=2)
        best = tuple(_hypothesis(found) for found in answer["hypotheses"])
        seconds = len(audio) / _BYTES_PER_SECOND if audio_seconds is None else audio_seconds
        self._text = text = best[0].text if best else ""
        return Transcript(text, best, PocketSphinxRecognizer.name, seconds)

    def close(self) -> None:
        """Give the decoder back."""
        self._lease.close()

    def _partial(self, seconds: float) -> str:
        if self._worker.pid != self._child:
            self._sent = 0
        unsent = bytes(self._audio[self._sent :])
        arguments = {"first": self._sent == 0}
        answer, _ = self._worker.call("partial", arguments, unsent, deadline_seconds=seconds)
        self._sent, self._child = len(self._audio), self._worker.pid
        return str(answer["text"])

    def _seconds_left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise DeadlineError("recognizing took longer than its deadline")
        return left


def _prepare(cache: Path, language_model: str, phrases: Sequence[str]) -> Path:
    service = "voice.stt.sphinx_files:open_service"
    arguments = {"folder": str(cache), "language_model": language_model}
    worker = Worker(WorkerOptions(service, arguments, niceness=0))
    try:
        payload = json.dumps(list(phrases)).encode()
        answer = worker.call("prepare", payload=payload, deadline_seconds=_PREPARE_SECONDS)[0]
    finally:
        worker.stop()
    return Path(answer["folder"])


def _hypothesis(found: dict[str, Any]) -> Hypothesis:
    words = tuple(Word(*word) for word in found.get("words", ()))
    return Hypothesis(found["text"], found.get("confidence"), words)
