"""What the server carries: spoken questions at once, with typed ones asked beside them.

Of ten uploads at once the whole time is compared with what the bare engines take for those served,
one after another, in the same run: PyAV, Silero, then the recognizer. Run it as
`python -m benchmarks.carrying [--engine vosk|pocketsphinx]`; `carrying_plot` draws the result.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.asking import MEMORY_SETTINGS, serving
from benchmarks.decoding import bare_decode
from benchmarks.hearing_cost import bare_silero, bare_sphinx, bare_vosk
from benchmarks.sounds import Sounds, voices
from benchmarks.text_asker import asking
from voice.audio.wav import write_wav
from voice.faq.readers import read_faq
from voice.paths import shipped
from voice.phrases import load_phrases
from voice.types import AudioChunk

RESULTS: Final = Path(__file__).parent / "results" / "carrying.json"
ENGINES: Final = {"vosk": "Vosk tiny", "pocketsphinx": "one PocketSphinx worker"}
UPLOADS: Final = (1, 2, 5, 10, 20, 50)  # at once
JUDGED: Final = 10  # of these the limits are
CLIPS: Final = 10
ROUND_SECONDS: Final = 6.0  # uploads of one number are sent again and again for so long
TEXTS_A_SECOND: Final = 40.0
LIMITS: Final = {"ratio": 1.1, "median_ms": 20.0, "p99_ms": 50.0}
ANSWER_SECONDS: Final = 120.0  # until an upload counts as lost

Row = dict[str, Any]
Work = Callable[[], None]


def main() -> None:
    """Measure, print the table, write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, help="only this one")
    only = parser.parse_args().engine
    known = json.loads(RESULTS.read_text()) if only and RESULTS.exists() else {}
    wavs = spoken_questions(CLIPS)
    for engine in [only] if only else ENGINES:
        known[engine] = measure(engine, wavs)
        report(engine, known[engine])
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


def spoken_questions(count: int) -> list[bytes]:
    """Return WAV files: questions of the shipped FAQ in the voices of this machine."""
    entries = read_faq(shipped("data", "faq", "back-cracking.yaml")).entries
    pairs = itertools.islice(itertools.product(voices(), entries), 0, None, 3)
    sounds = Sounds()
    try:
        return [
            write_wav(sounds.speak(voice, entry.question))
            for voice, entry in itertools.islice(pairs, count)
        ]
    finally:
        sounds.close()


def measure(engine: str, wavs: Sequence[bytes]) -> list[Row]:
    """Return a row for each number of uploads at once; the first is text alone."""
    bare = bare_work(engine, wavs)
    with serving(MEMORY_SETTINGS[ENGINES[engine]]) as server:
        upload_all(server.port, wavs[:4])  # children that start on demand are there
        with asking(server.port, TEXTS_A_SECOND) as asked:
            time.sleep(ROUND_SECONDS / 2)
        rows: list[Row] = [{"uploads": 0, "text": asked.summary()}]
        for uploads in UPLOADS:
            before = spent(bare) if uploads == JUDGED else 0.0
            row = measure_uploads(server.port, wavs, uploads)
            if uploads == JUDGED:
                share = row["outcomes"].get("served", 0) / row["outcomes"].total()
                row["bare_seconds"] = round(share * (before + spent(bare)) / 2, 3)
                row["ratio"] = round(row["seconds"] / row["bare_seconds"], 2)
            rows.append(row)
    return rows


def measure_uploads(port: int, wavs: Sequence[bytes], uploads: int) -> Row:
    """Send so many clips at once until enough typed questions were asked beside them."""
    clips = list(itertools.islice(itertools.cycle(wavs), uploads))
    outcomes: Counter[str] = Counter()
    seconds: list[float] = []
    with asking(port, TEXTS_A_SECOND) as asked:
        while sum(seconds) < ROUND_SECONDS:
            started = time.perf_counter()
            outcomes.update(upload_all(port, clips))
            seconds.append(time.perf_counter() - started)
    return {
        "uploads": uploads,
        "rounds": len(seconds),
        "seconds": round(statistics.median(seconds), 3),
        "outcomes": outcomes,
        "text": asked.summary(),
    }


def upload_all(port: int, wavs: Sequence[bytes]) -> list[str]:
    """Send the clips at once and return what became of each."""
    outcomes: list[str] = []
    threads = [
        threading.Thread(target=lambda wav=wav: outcomes.append(upload(port, wav))) for wav in wavs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def upload(port: int, wav: bytes) -> str:
    """Return "served", "told to come back", or "lost" with what came instead."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request("POST", "/listen", wav, {"Content-Type": "audio/wav"})
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        return f"lost: {type(error).__name__} {error}"
    finally:
        connection.close()
    if response.status == 200:
        return "served"
    if response.status == 503 and response.getheader("Retry-After"):
        return "told to come back"
    return f"lost: {response.status} {body.decode(errors='replace')}"


def bare_work(engine: str, wavs: Sequence[bytes]) -> Work:
    """Return the engines' work on the clips, one after another in this process."""
    faq = read_faq(shipped("data", "faq", "back-cracking.yaml"))
    phrases = [*faq.phrases, *load_phrases(faq.locale).spoken_wordings()]
    model = Path(MEMORY_SETTINGS["Vosk tiny"]["VOICE_VOSK_MODEL"])
    silero = bare_silero()
    recognize = bare_vosk(model) if engine == "vosk" else bare_sphinx(phrases)

    def work() -> None:
        for wav in wavs:
            chunk = AudioChunk(bare_decode(wav))
            silero(chunk)
            recognize(chunk)

    work()  # what is loaded at first use
    return work


def spent(work: Work) -> float:
    """Return the seconds that some work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def report(engine: str, rows: Sequence[Row]) -> None:
    """Print the table of one engine."""
    print(f"\n{engine}: uploads at once, seconds until all are answered, text answers beside them")
    for row in rows:
        text = row["text"]
        line = (
            f"{row['uploads']:>3} {row.get('seconds', 0):7.2f} s"
            f"  text median {text['median_ms']:6.1f} ms  p99 {text['p99_ms']:6.1f} ms"
            f"  wrong {text['wrong']}/{text['asked']}"
        )
        outcomes = ", ".join(f"{count} {what}" for what, count in row.get("outcomes", {}).items())
        print(line, outcomes, sep="  ")
        if "ratio" in row:
            limits = "limits: ratio {ratio}, median {median_ms} ms, p99 {p99_ms} ms"
            print(
                f"    {row['ratio']:.2f} of the bare work of {row['bare_seconds']:.2f} s;", end=" "
            )
            print(limits.format(**LIMITS))


if __name__ == "__main__":
    main()
