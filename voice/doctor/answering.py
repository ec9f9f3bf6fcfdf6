"""Can the FAQ be read, and does a question get its answer?"""

from __future__ import annotations

import time
from collections.abc import Iterator

from voice.doctor.check import Check, Patient
from voice.errors import VoiceError
from voice.faq.lint import check_faq
from voice.faq.locate import faq_path
from voice.faq.readers import read_faq
from voice.opening import open_assistant
from voice.phrases import load_phrases
from voice.types import Turn


def examine_faq(patient: Patient) -> Iterator[Check]:
    """Check the FAQ file, then ask its first question."""
    try:
        path = faq_path(patient.settings)
        faults = check_faq(path)
    except VoiceError as error:
        yield Check("FAQ", "fail", error.message, "name a file with --faq or VOICE_FAQ")
        return
    if faults:
        more = f" (and {len(faults) - 1} more)" if faults[1:] else ""
        yield Check("FAQ", "fail", f"{faults[0]}{more}", f"see `voice faq check {path}`")
        return
    faq = patient.faq = read_faq(path)
    patient.phrases = load_phrases(faq.locale)
    counts = f"{len(faq.entries)} entries, {len(faq.phrases)} wordings"
    yield Check("FAQ", "ok", f"{path}: {faq.title}, {counts}, {faq.locale}")
    yield _ask(patient, faq.entries[0].question)


def _ask(patient: Patient, question: str) -> Check:
    assistant = open_assistant(patient.settings, hearing=False, speaking=False)
    try:
        started = time.perf_counter()
        reply = assistant.answer(Turn(question))
        milliseconds = (time.perf_counter() - started) * 1000
    finally:
        assistant.close()
    if reply.status != "answer":
        return Check("answering", "fail", f'"{question}" got {reply.status} instead of its answer')
    return Check("answering", "ok", f'"{question}" answered in {milliseconds:.1f} ms')
