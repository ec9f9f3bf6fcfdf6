"""Which microphones and loudspeakers are there, and does one hear the other?"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Final

import numpy as np

from voice.audio.devices import Device, Kind, find_device, list_devices
from voice.audio.gate import SpeechGate
from voice.audio.microphone import Microphone
from voice.audio.player import Loudspeaker
from voice.audio.wav import write_wav
from voice.doctor.check import Check, Patient
from voice.doctor.loudness import loudness_db
from voice.errors import VoiceError
from voice.stt import open_recognizer, recognize
from voice.types import SAMPLE_RATE_HZ, AudioChunk

TONE_HZ: Final = 1000
TONE_SECONDS: Final = 1.0
TONE_LEVEL: Final = 0.3
WARM_UP_SECONDS: Final = 2.0  # devices and sound servers wake slowly
AFTER_SECONDS: Final = 0.7  # sound on its way
QUIET_DB: Final = 6.0  # a tone that is not at least so much over the room was not heard
DEADLINE_SECONDS: Final = 30.0


def examine_devices(patient: Patient) -> Iterator[Check]:
    """List the devices, and say which will be used."""
    settings = patient.settings
    yield _examine("microphone", settings.microphone, "questions can be typed, or come from files")
    yield _examine("loudspeaker", settings.loudspeaker, "answers can be written with --out")


def examine_sound(patient: Patient) -> Iterator[Check]:
    """Play a tone and a spoken question, and hear them back through the microphone."""
    settings = patient.settings
    with Loudspeaker(settings.loudspeaker) as loudspeaker, Microphone(settings.microphone) as ear:
        loudspeaker.open(SAMPLE_RATE_HZ)
        room = _record(ear, WARM_UP_SECONDS)
        heard = _play_and_record(loudspeaker, ear, write_wav(_tone()))
        yield _tone_check(_tone_db(room), _tone_db(heard), _level(room))
        if patient.speech is None:
            yield Check("loopback", "ok", "there is no speech here to try")
            return
        spoken = _play_and_record(loudspeaker, ear, patient.speech.wav)
    yield _recognized(patient, spoken)


def _examine(kind: Kind, wanted: str | None, instead: str) -> Check:
    try:
        chosen = find_device(kind, wanted)
    except VoiceError as error:
        return Check(kind, "warn", error.message, instead)
    return Check(kind, "ok", "; ".join(_named(each, chosen) for each in list_devices(kind)))


def _named(device: Device, chosen: Device | None) -> str:
    mark = " (chosen)" if chosen is not None and chosen.number == device.number else ""
    return f"{device.number}: {device.name}{mark}"


def _tone() -> AudioChunk:
    times = np.arange(int(TONE_SECONDS * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    samples = TONE_LEVEL * np.sin(2 * math.pi * TONE_HZ * times)
    return AudioChunk((samples * 32_767).astype("<i2").tobytes())


def _record(microphone: Microphone, seconds: float) -> AudioChunk:
    microphone.drop_waiting()
    until, pcm = time.monotonic() + seconds, bytearray()
    for chunk in microphone.chunks():
        pcm += chunk.pcm
        if time.monotonic() > until:
            break
    return AudioChunk(bytes(pcm))


def _play_and_record(loudspeaker: Loudspeaker, microphone: Microphone, wav: bytes) -> AudioChunk:
    microphone.drop_waiting()
    playback, pcm = loudspeaker.start([wav]), bytearray()
    until = math.inf
    for chunk in microphone.chunks():
        pcm += chunk.pcm
        if until == math.inf and loudspeaker.has_played(playback):
            until = time.monotonic() + AFTER_SECONDS
        if time.monotonic() > until:
            break
    return AudioChunk(bytes(pcm))


def _tone_check(before_db: float, tone_db: float, room_db: float) -> Check:
    detail = f"the tone came back at {tone_db:.0f} dB, the room is at {room_db:.0f} dB"
    if tone_db - before_db >= QUIET_DB:
        return Check("sound", "ok", detail)
    mend = "turn the loudspeaker up and the microphone on, or choose others in the settings"
    return Check("sound", "warn", f"the microphone does not hear the loudspeaker: {detail}", mend)


def _tone_db(chunk: AudioChunk) -> float:
    """Return the level of the tone's frequency alone, at its loudest half second."""
    samples = np.frombuffer(chunk.pcm, "<i2") / 32_768
    size = SAMPLE_RATE_HZ // 2
    wave = np.exp(-2j * math.pi * TONE_HZ * np.arange(size) / SAMPLE_RATE_HZ)
    starts = range(0, max(len(samples) - size, 0), size // 4)
    levels = [abs(np.dot(samples[start : start + size], wave)) * 2 / size for start in starts]
    return 20 * math.log10(max([*levels, 1e-6]))


def _level(chunk: AudioChunk) -> float:
    return loudness_db(write_wav(chunk))


def _recognized(patient: Patient, spoken: AudioChunk) -> Check:
    speech = SpeechGate().cut(spoken)
    if speech is None:
        return Check("loopback", "warn", "no speech was heard back", "turn the loudspeaker up")
    recognizer = open_recognizer(patient.settings, patient.locale, patient.wordings)
    try:
        transcript = recognize(recognizer, speech, deadline_seconds=DEADLINE_SECONDS)
    finally:
        recognizer.close()
    detail = f'the question came back at {_level(speech):.0f} dB: "{transcript.text}"'
    return Check("loopback", "ok" if transcript.text else "warn", detail)
