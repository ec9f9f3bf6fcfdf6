"""The language model and the dictionary that PocketSphinx needs for one FAQ's wording.

Making them takes memory that would stay with the process, so it happens in a child that ends
afterwards; the results are kept in the cache under a hash of everything they depend on.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from voice.errors import InputError, VoiceError
from voice.stt.background import load_background
from voice.stt.language_model import BackoffModel, estimate, mix, write_arpa
from voice.stt.pronunciation import dictionary_lines, format_entry, phones
from voice.stt.sentences import acronyms, sentences
from voice.worker import Worker, WorkerOptions
from voice.worker.child import Service
from voice.worker.frames import Frame

LANGUAGE_MODEL: Final = "language-model.bin"
DICTIONARY: Final = "words.dict"
_FORMAT: Final = 1  # raise when what is made from the same wording changes
_KEPT: Final = 32  # results for the latest wordings, 1 to 2 MB each
_PRONOUNCE_SECONDS: Final = 60.0
_OWN_SHARE: Final = 0.5


def open_service(folder: str, language_model: str) -> Service:
    """Return the service that makes the files of the phrases given as JSON, below `folder`."""

    def service(method: str, arguments: dict[str, Any], payload: bytes) -> Frame:
        gc.disable()  # millions of small tuples, no cycles, and the process ends soon
        made = prepare(json.loads(payload), language_model, Path(folder))
        return {"folder": str(made)}, b""

    return service


def prepare(phrases: Sequence[str], language_model: str, cache: Path) -> Path:
    """Return the folder that holds the two files for these phrases, made where it is not there.

    `language_model` is "faq" or "mix". Raises InputError when no phrase has an English word, and
    OSError.
    """
    said = sentences(phrases)
    if not said:
        raise InputError("the FAQ has no wording in English letters, so it cannot be listened for")
    spelled = acronyms(phrases)
    engine = version("pocketsphinx")
    key = json.dumps([_FORMAT, engine, language_model, said, sorted(spelled)])
    folder = cache / hashlib.sha256(key.encode()).hexdigest()[:32]
    if not folder.is_dir():
        model = estimate(said)
        if language_model == "mix":
            background = load_background(cache / f"background-{engine}.txt")
            model = mix(model, background, _OWN_SHARE) if background.words else model
        _make(folder, model, spelled)
    with suppress(OSError):  # a cache that came with an image may be read-only
        os.utime(folder)
        _forget_old(cache)
    return folder


def _make(folder: Path, model: BackoffModel, spelled: set[str]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=folder.parent))
    try:
        _write_language_model(model, fresh / LANGUAGE_MODEL)
        _write_dictionary(model.words, spelled, fresh / DICTIONARY)
        with suppress(OSError):  # another process made the same at the same time
            fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write_language_model(model: BackoffModel, target: Path) -> None:
    import pocketsphinx

    text = target.with_suffix(".arpa")
    with text.open("w", encoding="utf-8") as file:
        write_arpa(model, file)
    config = pocketsphinx.Config(lm=None, loglevel="FATAL")
    logarithms = pocketsphinx.LogMath()  # must outlive the model, which does not hold it
    # Binary models load thirty times faster.
    pocketsphinx.NGramModel(config, logarithms, str(text)).write(str(target))
    text.unlink()


def _write_dictionary(words: Sequence[str], spelled: set[str], target: Path) -> None:
    import pocketsphinx

    source = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
    with source.open(encoding="utf-8") as lines:
        entries = dictionary_lines(lines, set(words))
    unknown = sorted(set(words) - entries.keys())
    entries.update(_pronounce(unknown, spelled))
    with target.open("w", encoding="utf-8") as file:
        file.writelines(format_entry(word, entries[word]) for word in sorted(entries))


def _pronounce(words: Sequence[str], spelled: set[str]) -> dict[str, list[str]]:
    """Return how eSpeak NG says the words; those it cannot say are missing."""
    asked = [*words, *(word.upper() for word in words if word in spelled)]
    if not asked:
        return {}
    worker = Worker(WorkerOptions("voice.stt.pronunciation_child:open_service"))
    try:
        payload = json.dumps(asked).encode()
        answer = worker.call("say", payload=payload, deadline_seconds=_PRONOUNCE_SECONDS)[1]
    except VoiceError:
        return {}  # these words cannot be heard; all others can
    finally:
        worker.stop()
    said: dict[str, list[str]] = {}
    for text, ipa in zip(asked, json.loads(answer), strict=True):
        one = phones(ipa)
        if one and one not in said.setdefault(text.lower(), []):
            said[text.lower()].append(one)
    return {word: ways for word, ways in said.items() if ways}


def _forget_old(cache: Path) -> None:
    folders = [entry for entry in cache.iterdir() if entry.is_dir()]
    folders.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
