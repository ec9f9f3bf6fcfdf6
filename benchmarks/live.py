"""How soon the microphone answers: from the end of a question to the first sound of its answer.

Needs flite and pulseaudio: both devices are null sinks. The questions are spoken by flite, at the
pace of a person; their answers are in the speech cache. Two things are measured: from the
segmenter's decision that the question is over to the first sample that the loudspeaker takes, and,
outside of the program, from the last sound in the room to the first sound of the answer.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.room import Ear, play, sound_server, speak, wait_until
from voice.assistant import Assistant
from voice.audio.listener import Listener
from voice.audio.player import Loudspeaker
from voice.audio.segmenter import Event
from voice.audio.wav import read_wav
from voice.live.answering import Answering
from voice.live.conversation import LiveConversation, LiveOptions, segmenter_options
from voice.opening import open_assistant
from voice.settings import Settings, load_settings
from voice.types import SAMPLE_RATE_HZ, AudioChunk, Reply

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = Path(__file__).parent / "results" / "live.json"
TINY: Final = ROOT / "tests" / "fixtures" / "vosk-tiny-en"
ROUNDS: Final = int(os.environ.get("VOICE_TEST_ROUNDS", "12"))
LIMITS_MS: Final = {"vosk": 50.0, "pocketsphinx": 250.0}
ROOM_LIMIT_MS: Final = 150.0
CHUNK_SECONDS: Final = 0.02
QUESTIONS: Final = (
    "is it bad if your spine cracks",
    "is it bad to crack your back by bending backwards",
    "why does my back crack when I do a back bend",
)


def main() -> None:
    """Measure each engine, print the table, write it as JSON."""
    rows: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, sound_server(Path(folder)):
        questions = [speak(text, Path(folder)) for text in QUESTIONS]
        for engine in LIMITS_MS:
            settings = load_settings(
                {"home": Path(folder) / "home", "stt": engine, "vosk_model": TINY}
            )
            assistant = open_assistant(settings)
            try:
                for entry in assistant.faq.entries:
                    assistant.speak(entry.answer, keep=True)
                rows[engine] = measure(assistant, settings, questions)
            finally:
                assistant.close()
    report(rows)


def measure(
    assistant: Assistant, settings: Settings, questions: list[AudioChunk]
) -> dict[str, float]:
    """Return medians and 90th percentiles in milliseconds."""
    handed = inside(assistant, settings, questions)
    heard, devices = zip(*outside(assistant, settings, questions), strict=True)
    return {
        "handed_median": statistics.median(handed),
        "handed_p90": float(np.percentile(handed, 90)),
        "heard_median": statistics.median(heard),
        "heard_p90": float(np.percentile(heard, 90)),
        "devices_median": statistics.median(devices),
        "devices_p90": float(np.percentile(devices, 90)),
    }


def inside(assistant: Assistant, settings: Settings, questions: list[AudioChunk]) -> list[float]:
    """Return the milliseconds from each decision to the first sample handed over."""
    assert assistant.recognizer is not None
    times = []
    answering = Answering(assistant, is_open=False)
    listener = Listener(assistant.recognizer, answering.prepare, segmenter_options(settings))
    with Loudspeaker() as loudspeaker:
        loudspeaker.open(read_wav(assistant.speak("Ready.", keep=True).wav).rate_hz)
        time.sleep(2.0)  # a null sink plays up to so much silence before it wakes
        for number in range(ROUNDS):
            for chunk in at_pace(questions[number % len(questions)]):
                for moment in listener.process(chunk):
                    if moment.event is Event.ENDED and moment.heard is not None:
                        playback = loudspeaker.start(moment.heard.prepared.wavs or iter(()))
                        while playback.started is None and playback.ended is None:
                            time.sleep(0.0005)
                        times.append(((playback.started or 0.0) - moment.time) * 1000)
                        playback.stop()
            listener.reset()
    listener.close()
    return times


def outside(
    assistant: Assistant, settings: Settings, questions: list[AudioChunk]
) -> list[tuple[float, float]]:
    """Return the milliseconds from the last sound in the room to the first of the answer.

    With each, how many of them are neither the silence that ends a question nor the answer's own.
    """
    screen = Quiet()
    conversation = LiveConversation(assistant, settings, LiveOptions(True), screen, screen)
    times = []
    with ExitStack() as stack:
        ears = {name: stack.enter_context(Ear(name)) for name in ("room", "speaker")}
        threading.Thread(target=conversation.run, daemon=True).start()
        time.sleep(4.0)
        for number in range(ROUNDS):
            screen.key = None
            screen.replied.clear()
            for ear in ears.values():
                ear.clear()
            play(questions[number % len(questions)])
            wait_until(screen.replied.is_set)
            wait_until(lambda: ears["speaker"].first is not None)
            heard = (ears["speaker"].first - ears["room"].last) * 1000
            times.append((heard, heard - settings.silence_seconds * 1000 - screen.total_ms))
            screen.key = " "  # stops the answer
            time.sleep(2.0)
        screen.key = "\x03"
        time.sleep(0.5)
    return times


class Quiet:
    """A screen that shows nothing, and a keyboard that the measurement presses."""

    def __init__(self) -> None:
        self.replied = threading.Event()
        self.total_ms = 0.0
        self.key: str | None = None

    def hearing(self, level_db: float, words: str) -> None:
        """Show nothing."""

    def state(self, text: str) -> None:
        """Show nothing."""

    def reply(self, reply: Reply) -> None:
        """Take note of it."""
        self.total_ms = reply.elapsed_ms["total"]  # from the end of the question
        self.replied.set()

    def notice(self, text: str) -> None:
        """Pass on what may spoil the measurement."""
        print(f"notice: {text}", file=sys.stderr)

    def pressed(self) -> str | None:
        """Return the key once."""
        key, self.key = self.key, None
        if key == "\x03":
            raise SystemExit  # ends the thread of the conversation
        return key


def at_pace(chunk: AudioChunk) -> Iterator[AudioChunk]:
    """Yield the chunk in pieces, each when it would have been spoken, and silence after it."""
    size = int(CHUNK_SECONDS * SAMPLE_RATE_HZ) * 2
    pcm = bytes(SAMPLE_RATE_HZ) + chunk.pcm + bytes(2 * SAMPLE_RATE_HZ)
    started = time.monotonic()
    for start in range(0, len(pcm), size):
        ahead = started + start / 2 / SAMPLE_RATE_HZ - time.monotonic()
        time.sleep(max(ahead, 0.0))
        yield AudioChunk(pcm[start : start + size])


def report(rows: dict[str, dict[str, float]]) -> None:
    """Print the table, and write it as JSON."""
    print(f"{'milliseconds':<48}   median     90 %  at most")
    for engine, row in rows.items():
        for name, what, limit in (
            ("handed", "end decided -> first sample", f"{LIMITS_MS[engine]:.0f}"),
            ("heard", "end of speech -> first sound", ""),
            ("devices", "of it in sound server and buffers", f"{ROOM_LIMIT_MS:.0f}"),
        ):
            numbers = f"{row[f'{name}_median']:9.1f}{row[f'{name}_p90']:9.1f}{limit:>9}"
            print(f"{engine + ': ' + what:<48}{numbers}")
    RESULTS.parent.mkdir(exist_ok=True)
    rounded = {e: {n: round(v, 1) for n, v in row.items()} for e, row in rows.items()}
    RESULTS.write_text(json.dumps(rounded, indent=2) + "\n")


if __name__ == "__main__":
    main()
