"""Which voices are there, and does one speak?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from voice.doctor.check import Check, Patient
from voice.doctor.loudness import loudness_db
from voice.errors import VoiceError
from voice.tts import open_synthesizer
from voice.tts.protocol import Synthesizer, VoiceOptions

SILENCE_DB: Final = -60.0
DEADLINE_SECONDS: Final = 20.0
_SAMPLE: Final = "One, two, three."


def examine_voices(patient: Patient) -> Iterator[Check]:
    """Count the voices, then speak the FAQ's first question."""
    if patient.settings.tts == "off":
        yield Check("speaking", "ok", "switched off (setting tts)")
        return
    try:
        synthesizer = open_synthesizer(patient.settings)
    except VoiceError as error:
        yield Check("speaking", "warn", f"answers are text only: {error.message}")
        return
    try:
        yield _count(synthesizer, patient.locale)
        yield _try(synthesizer, patient)
    finally:
        synthesizer.close()


def _count(synthesizer: Synthesizer, locale: str) -> Check:
    voices = synthesizer.voices()
    language = locale.partition("-")[0].lower()
    fitting = [
        voice
        for voice in voices
        if any(spoken.partition("-")[0].lower() == language for spoken in voice.locales)
    ]
    detail = f"{len(voices)} by {synthesizer.version}, {len(fitting)} of them speak {language}"
    if not fitting:
        return Check("voices", "warn", detail, f"install a system voice that speaks {language}")
    return Check("voices", "ok", detail)


def _try(synthesizer: Synthesizer, patient: Patient) -> Check:
    settings = patient.settings
    text = patient.faq.entries[0].question if patient.faq else _SAMPLE
    options = VoiceOptions(settings.voice, patient.locale, settings.rate, settings.volume)
    started = time.perf_counter()
    try:
        speech = synthesizer.synthesize(text, options, DEADLINE_SECONDS)
    except VoiceError as error:
        return Check("speaking", "warn", error.message)
    milliseconds = (time.perf_counter() - started) * 1000
    level = loudness_db(speech.wav)
    detail = f"{speech.seconds:.1f} s of speech in {milliseconds:.0f} ms, {level:.0f} dB"
    if level >= SILENCE_DB:
        patient.speech = speech
    elif settings.volume > 0:
        return Check("speaking", "warn", f"{detail}: silence", "try another voice (setting voice)")
    return Check("speaking", "ok", detail)
