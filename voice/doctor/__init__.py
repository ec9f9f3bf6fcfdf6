"""Find out what works on this machine, by trying it, and how to mend what does not."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Final

from voice.doctor.answering import examine_faq
from voice.doctor.check import Check, Examination, Patient
from voice.doctor.hearing import examine_decoder, examine_models, examine_recognizer
from voice.doctor.packages import examine_packages, examine_python
from voice.doctor.places import examine_folders, examine_port
from voice.doctor.sounding import examine_devices, examine_sound
from voice.doctor.speaking import examine_voices
from voice.errors import VoiceError
from voice.settings import Settings

__all__ = ["EXAMINATIONS", "Check", "examine"]

# In this order: what is heard is what was spoken before.
EXAMINATIONS: Final[dict[str, Examination]] = {
    "Python": examine_python,
    "packages": examine_packages,
    "FAQ": examine_faq,
    "voices": examine_voices,
    "decoder": examine_decoder,
    "recognizer": examine_recognizer,
    "models": examine_models,
    "devices": examine_devices,
    "folders": examine_folders,
    "port": examine_port,
}
# Makes a noise, and so only when it is asked for.
SOUND: Final[dict[str, Examination]] = {"sound": examine_sound}
_LOG = logging.getLogger(__name__)


def examine(settings: Settings, *, sound: bool = False) -> Iterator[Check]:
    """Yield what each examination finds, as soon as it does; none of them stops the others.

    `sound` also plays through the loudspeaker and listens to it.
    """
    patient = Patient(settings)
    for name, examination in {**EXAMINATIONS, **(SOUND if sound else {})}.items():
        try:
            yield from examination(patient)
        except VoiceError as error:
            yield Check(name, "warn", error.message)
        except Exception as error:
            _LOG.debug("the examination of %s ended with an error", name, exc_info=error)
            yield Check(name, "warn", f"unexpected {type(error).__name__}: {error}")
