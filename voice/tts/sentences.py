"""Speak sentence by sentence, so that the first is heard while the next is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voice.errors import InputError
from voice.tts.cached import CachedSynthesizer
from voice.tts.protocol import check_length
from voice.tts.spoken import speakable
from voice.types import Speech

_END: Final = re.compile(r"(?<=[.!?…])[\"')\]]*\s+|(?<=[。！？])")


def speak_sentences(
    synthesizer: CachedSynthesizer,
    text: str,
    *,
    keep: bool = False,
    rate: int | None = None,
    locale: str | None = None,
) -> Iterator[Speech]:
    """Yield the speech of a text, one sentence after the other; whole where it is in the cache.

    `keep`, `rate` and what is raised are as in `CachedSynthesizer.speak`.
    """
    whole = synthesizer.kept(text) if keep and rate is None and locale is None else None
    if whole is not None:
        yield whole
        return
    check_length(text)
    # What is said has no abbreviations any more: a full stop ends a sentence.
    said = split_sentences(speakable(text, locale or synthesizer.locale))
    if not said:
        raise InputError("there is nothing to say: the text has no words")
    for sentence in said:
        yield synthesizer.speak(sentence, keep=keep, rate=rate, locale=locale)


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text that has been made speakable; those without words go along."""
    sentences: list[str] = []
    for part in filter(None, map(str.strip, _END.split(text))):
        if sentences and not any(map(str.isalnum, part)):
            sentences[-1] += part
        else:
            sentences.append(part)
    return sentences
