"""Speech to text: one file per engine, chosen by the setting `stt`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from voice.errors import SetupError
from voice.models.check import check_model, trial_fault_cached
from voice.models.find import find_vosk_model
from voice.models.memory import free_bytes, memory_fault
from voice.settings import Settings
from voice.stt.protocol import Phrases, Recognizer
from voice.types import AudioChunk, HearingModel, Transcript

log = logging.getLogger(__name__)

Opener = Callable[[Settings, str, Phrases], Recognizer]


def _open_vosk(settings: Settings, locale: str, phrases: Phrases) -> Recognizer:
    folder = find_vosk_model(settings, locale)
    if folder is None:
        where = settings.models_folder
        raise SetupError(f"no Vosk model for {locale} in {where}; to hear it: {_get_line(locale)}")
    if fault := _vosk_fault(folder, settings) or memory_fault(folder, free_bytes()):
        raise SetupError(fault)
    try:
        from voice.stt.vosk import VoskRecognizer

        return VoskRecognizer(folder)
    except ImportError as error:
        raise SetupError(f"Vosk is not installed here ({error}); pip install vosk") from None


def _open_pocketsphinx(settings: Settings, locale: str, phrases: Phrases) -> Recognizer:
    if not _is_english(locale):
        get = f"to hear it: {_get_line(locale)}"
        raise SetupError(f"PocketSphinx hears English only, not {locale}; {get}")
    from voice.stt.pocketsphinx import PocketSphinxRecognizer

    return PocketSphinxRecognizer(settings, phrases)


def _open_auto(settings: Settings, locale: str, phrases: Phrases) -> Recognizer:
    if settings.vosk_model is not None or not _is_english(locale):
        return _open_vosk(settings, locale, phrases)
    if find_vosk_model(settings, locale) is None:
        return _open_pocketsphinx(settings, locale, phrases)
    try:
        return _open_vosk(settings, locale, phrases)
    except SetupError as error:
        log.warning("%s; PocketSphinx hears instead", error.message)
        return _open_pocketsphinx(settings, locale, phrases)


# What the setting `stt` may name, besides "off".
ENGINES: Final[Mapping[str, Opener]] = MappingProxyType(
    {"auto": _open_auto, "vosk": _open_vosk, "pocketsphinx": _open_pocketsphinx}
)


def open_recognizer(settings: Settings, locale: str, phrases: Phrases) -> Recognizer:
    """Return the recognizer that the settings name, its model loaded.

    Raises SetupError, one line, when it cannot hear `locale` on this machine.
    """
    if settings.stt not in ENGINES:
        raise SetupError("hearing is switched off (stt = off)")
    return ENGINES[settings.stt](settings, locale, phrases)


def hearing_advice(settings: Settings, locale: str) -> str | None:
    """Return the one line that says how to hear better, None when Vosk hears."""
    if settings.stt == "off":
        return None
    folder = find_vosk_model(settings, locale)
    if folder is None or settings.stt == "pocketsphinx":
        return f"to hear better: {_get_line(locale)}"
    return _vosk_fault(folder, settings)


def recognize(
    recognizer: Recognizer,
    chunk: AudioChunk,
    *,
    deadline_seconds: float,
    audio_seconds: float | None = None,
    model: HearingModel = "faq",
) -> Transcript:
    """Return the transcript of a whole clip.

    `audio_seconds` is the clip's length before silence was cut. Raises BusyError, DeadlineError,
    EngineError.
    """
    stream = recognizer.stream(deadline_seconds, model)
    try:
        stream.accept(chunk)
        return stream.finish(audio_seconds)
    finally:
        stream.close()


def _vosk_fault(folder: Path, settings: Settings) -> str | None:
    report = check_model(folder, load=False)
    return report.faults[0] if report.faults else trial_fault_cached(folder, settings.cache_folder)


def _get_line(locale: str) -> str:
    from voice.models.catalogue import vosk_model_for

    model = vosk_model_for(locale)
    if model is None:
        return f"put a Vosk model for {locale} into models/ and set vosk_model"
    return f"voice models get {model.name}"


def _is_english(locale: str) -> bool:
    return locale.partition("-")[0].lower() == "en"
