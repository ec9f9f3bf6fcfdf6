"""What must hold between the entries of one FAQ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from voice.faq.faults import Place, field_name
from voice.faq.model import MAX_WORDINGS, UNKNOWN, Case, FaqEntry
from voice.matching.normalize import normalize

Numbered = Mapping[int, FaqEntry]  # entries by their place in the file
Found = Iterator[tuple[Place, str]]


def find_clashes(entries: Numbered, cases: Sequence[tuple[int, Case]], locale: str) -> Found:
    """Yield place and message of everything that is wrong between entries.

    Doubled ids, the same wording (after normalization) in two entries, references to entries
    that are not there, and more wordings than an FAQ may have.
    """
    yield from _same_ids(entries)
    yield from _same_wordings(entries, locale)
    ids = {entry.id for entry in entries.values()}
    for number, entry in entries.items():
        for index, other in enumerate(entry.related):
            if other not in ids:
                yield ("entries", number, "related", index), f'no entry has the id "{other}"'
    for number, case in cases:
        if case.expect not in ids and case.expect != UNKNOWN:
            yield ("cases", number, "expect"), f'no entry has the id "{case.expect}"'
    total = sum(len(entry.variants) + len(entry.hear_as) for entry in entries.values())
    if total > MAX_WORDINGS:
        yield ("entries",), f"{total} variants in all; at most {MAX_WORDINGS} are read"


def _same_ids(entries: Numbered) -> Found:
    first: dict[str, int] = {}
    for number, entry in entries.items():
        if entry.id == UNKNOWN:
            yield ("entries", number, "id"), f'"{UNKNOWN}" cannot be an id: cases expect it'
        if entry.id in first:
            other = field_name(("entries", first[entry.id]))
            yield ("entries", number, "id"), f'the id "{entry.id}" is already that of {other}'
        first.setdefault(entry.id, number)


def _same_wordings(entries: Numbered, locale: str) -> Found:
    first: dict[str, tuple[int, Place]] = {}
    for number, entry in entries.items():
        for place, phrase in _places(number, entry):
            said = normalize(phrase, locale)
            other, where = first.setdefault(said, (number, place))
            if other != number:
                yield place, f'"{phrase}" is already a wording of {field_name(where)}'


def _places(number: int, entry: FaqEntry) -> Found:
    yield ("entries", number, "question"), entry.question
    for index, variant in enumerate(entry.variants):
        yield ("entries", number, "variants", index), variant
