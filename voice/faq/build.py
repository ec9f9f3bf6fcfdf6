"""From a document as a reader gives it to an FAQ, or to everything that is wrong with it."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError

from voice.errors import FaqError
from voice.faq.clashes import find_clashes
from voice.faq.document import Document
from voice.faq.faults import Fault, Place, explain
from voice.faq.ids import with_ids
from voice.faq.model import Faq, FaqEntry

MAX_FAULTS: Final = 1_000  # that are told; nobody reads on
NOT_AN_FAQ: Final = "not an FAQ: title, locale and entries must stand at the top level"


def build_faq(document: Document, file: str) -> Faq:
    """Return the FAQ of a document; raises FaqError with every fault, in the file's order."""
    faq, found = _validate(document)
    faults = [Fault(message, document.line(place), place) for place, message in found]
    faults += document.faults
    if faults or faq is None:
        faults.sort(key=lambda fault: fault.line or 0)
        lines = [fault.describe(file) for fault in faults[:MAX_FAULTS]]
        if len(faults) > MAX_FAULTS:
            lines.append(f"{file}: {len(faults) - MAX_FAULTS} more faults")
        raise FaqError(lines)
    return faq


def _validate(document: Document) -> tuple[Faq | None, list[tuple[Place, str]]]:
    data = document.data
    if not isinstance(data, dict):
        broken = data is None and document.faults  # nothing is known of what follows the fault
        return None, [] if broken else [((), NOT_AN_FAQ)]
    try:
        faq = Faq.model_validate(data)
    except ValidationError as error:
        return None, [*explain(error), *_clashes_of_sound_parts(data)]
    entries = dict(enumerate(faq.entries))
    return faq, list(find_clashes(entries, list(enumerate(faq.cases)), faq.locale))


def _clashes_of_sound_parts(data: dict[str, Any]) -> list[tuple[Place, str]]:
    """Return what is wrong between the entries although some have faults of their own."""
    entries = data.get("entries")
    if not isinstance(entries, list):
        return []
    sound = {
        number: entry
        for number, item in enumerate(with_ids(entries))
        if (entry := _sound_part(item)) is not None
    }
    clashes = find_clashes(sound, [], str(data.get("locale") or "en"))
    all_there = len(sound) == len(entries)  # else a reference may be to a faulty entry
    return [(place, what) for place, what in clashes if all_there or "related" not in place]


def _sound_part(item: Any) -> FaqEntry | None:
    """Return an entry with those of its fields that have no fault, if it can be told apart."""
    try:
        return FaqEntry.model_validate(item)
    except ValidationError as error:
        faulty = {detail["loc"][0] for detail in error.errors() if detail["loc"]}
    if not isinstance(item, dict) or faulty & {"id", "question"}:
        return None
    kept = {key: value for key, value in item.items() if key not in faulty | {"from", "until"}}
    return FaqEntry.model_validate({"answer": "unknown", **kept})
