"""Can audio be read, which recognizer hears, and are the models whole?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from voice.audio.decoder import AudioDecoder
from voice.audio.gate import SpeechGate
from voice.doctor.check import Check, Patient
from voice.errors import VoiceError
from voice.models.check import check_model
from voice.models.find import find_vosk_model
from voice.models.installed import installed_models
from voice.stt import hearing_advice, open_recognizer, recognize
from voice.stt.protocol import Recognizer
from voice.types import AudioChunk

DEADLINE_SECONDS: Final = 30.0


def examine_decoder(patient: Patient) -> Iterator[Check]:
    """Pack the speech as ogg and unpack it again, in the child that reads strangers' audio."""
    decoder = AudioDecoder()
    try:
        decoder.start()
        if patient.speech is None:
            yield Check("decoder", "ok", "starts; there is no speech here to try it on")
            return
        packed = decoder.encode(patient.speech.wav, "ogg")
        started = time.perf_counter()
        patient.audio = decoder.decode(packed)
        milliseconds = (time.perf_counter() - started) * 1000
        detail = f"{patient.audio.seconds:.1f} s of ogg read in {milliseconds:.0f} ms"
        yield Check("decoder", "ok", detail)
    except VoiceError as error:
        yield Check("decoder", "warn", f"audio files cannot be read: {error.message}")
    finally:
        decoder.close()


def examine_recognizer(patient: Patient) -> Iterator[Check]:
    """Open the recognizer that would be used, and let it hear what was spoken."""
    settings = patient.settings
    if settings.stt == "off":
        yield Check("recognizer", "ok", "switched off (setting stt)")
        return
    started = time.perf_counter()
    try:
        recognizer = open_recognizer(settings, patient.locale, patient.wordings)
    except VoiceError as error:
        yield Check("recognizer", "warn", f"questions are text only: {error.message}")
        return
    try:
        seconds = time.perf_counter() - started
        model = find_vosk_model(settings, patient.locale)
        why = str(model) if recognizer.name == "vosk" else "the model of its package"
        detail = f"{recognizer.name} with {why}, ready in {seconds:.1f} s"
        advice = hearing_advice(settings, patient.locale)
        yield Check("recognizer", "ok", detail, advice or "")
        if patient.audio is not None:
            yield _hear(recognizer, patient.audio)
    finally:
        recognizer.close()


def examine_models(patient: Patient) -> Iterator[Check]:
    """Check every model in the models folder and the one that is set."""
    folders = installed_models(patient.settings.models_folder)
    if (set_one := patient.settings.vosk_model) and set_one not in folders:
        folders.append(set_one)
    if not folders:
        detail = f"none in {patient.settings.models_folder}; those of the packages are used"
        yield Check("models", "ok", detail)
    for folder in folders:
        report = check_model(folder)
        if report.ok:
            yield Check("model", "ok", f"{folder} ({report.kind})")
        else:
            yield Check("model", "warn", "; ".join(report.faults), "see `voice models list`")


def _hear(recognizer: Recognizer, audio: AudioChunk) -> Check:
    started = time.perf_counter()
    speech = SpeechGate().cut(audio)
    if speech is None:
        return Check("hearing", "warn", "no speech was found in what was spoken here")
    transcript = recognize(recognizer, speech, deadline_seconds=DEADLINE_SECONDS)
    seconds = time.perf_counter() - started
    # Synthetic voices are hard to hear: what is heard shows that it works, not how well.
    return Check(
        "hearing", "ok", f'{audio.seconds:.1f} s heard in {seconds:.1f} s: "{transcript.text}"'
    )
