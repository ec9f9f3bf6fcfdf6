"""The background of common English: the heaviest words and word pairs of PocketSphinx's own model.

The model in the wheel is binary, and the library's own writer ends its process after the word
pairs; so a child process writes it, is expected to die of it, and what it wrote by then is read.
That happens once on a machine; the result is kept in the cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, takewhile
from pathlib import Path
from typing import IO, Final

from voice.stt.language_model import END, START, BackoffModel, Ngram, normalized_backoffs
from voice.worker import child_environment

_WORDS: Final = 20_000
_LEAST_PAIR: Final = -5.72  # log10 of how often a pair is said; leaves about 50,000
_DUMP_SECONDS: Final = 60.0
_UNIGRAMS: Final = "\\1-grams:"


def dump(target: str) -> None:
    """Write the wheel's model to `target` as ARPA text; ends this process before it is whole."""
    import pocketsphinx

    with suppress(ImportError, OSError, ValueError):  # no core file where that can be said
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    config = pocketsphinx.Config(lm=None, loglevel="FATAL")
    logarithms = pocketsphinx.LogMath()  # must outlive the model, which does not hold it
    source = pocketsphinx.get_model_path("en-us/en-us.lm.bin")
    pocketsphinx.NGramModel(config, logarithms, source).write(target)


def load_background(cache_file: Path) -> BackoffModel:
    """Return the background, from `cache_file` where it was made before.

    A model without words when PocketSphinx's own could not be read.
    """
    if cache_file.is_file():
        with cache_file.open(encoding="utf-8") as lines:
            return _model({tuple(line.split()[1:]): float(line.split()[0]) for line in lines})
    logarithms = _make()
    if logarithms:
        cache_file.parent.mkdir(parents=True, exist_ok=True)
        fresh = cache_file.with_suffix(f".{os.getpid()}")
        with fresh.open("w", encoding="utf-8") as file:
            file.writelines(f"{log:.4f} {' '.join(ngram)}\n" for ngram, log in logarithms.items())
        fresh.replace(cache_file)
    return _model(logarithms)


def _make() -> dict[Ngram, float]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "wheel.arpa"
        command = [sys.executable, "-m", __name__, str(target)]
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(
                command,
                env=child_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_DUMP_SECONDS,
                check=False,
            )
        if not target.is_file():
            return {}
        with target.open(encoding="utf-8", errors="replace") as file:
            return read_heaviest(file)


def read_heaviest(file: IO[str]) -> dict[Ngram, float]:
    """Return the log10 probabilities of the commonest words and pairs of an ARPA text.

    Pairs come after the words; the text may end anywhere.
    """
    for _ in takewhile(lambda line: line.strip() != _UNIGRAMS, file):
        pass
    said: dict[str, float] = {}
    for fields in takewhile(lambda fields: len(fields) > 1, (line.split() for line in file)):
        said[fields[1]] = float(fields[0])
    common = sorted(said.keys() - {START, END}, key=lambda word: (-said[word], word))[:_WORDS]
    kept = {*common, START, END}
    said[START] = said.get(END, 0.0)  # as many sentences start as end
    words = (((word,), said[word]) for word in (*common, END) if word in said)
    return dict(chain(words, _pairs(file, kept, said)))


def _pairs(file: IO[str], kept: set[str], said: dict[str, float]) -> Iterator[tuple[Ngram, float]]:
    for line in file:
        fields = line.split()
        if len(fields) == 4 and fields[1] in kept and fields[2] in kept:
            logarithm = float(fields[0])
            if said[fields[1]] + logarithm >= _LEAST_PAIR:
                yield (fields[1], fields[2]), logarithm


def _model(logarithms: dict[Ngram, float]) -> BackoffModel:
    probabilities = {ngram: 10.0**log for ngram, log in logarithms.items()}
    # The words left out leave a gap, which the others fill.
    total = sum(p for ngram, p in probabilities.items() if len(ngram) == 1)
    for ngram in [ngram for ngram in probabilities if len(ngram) == 1]:
        probabilities[ngram] /= total
    return BackoffModel(probabilities, normalized_backoffs(probabilities))


if __name__ == "__main__":
    dump(sys.argv[1])
