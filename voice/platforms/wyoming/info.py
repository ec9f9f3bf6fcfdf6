"""What we tell Home Assistant about ourselves.

It sets up one entity for each kind of program it finds. `handle`, not `intent`: an intent would be
run by Home Assistant, which knows none of ours.
"""

from __future__ import annotations

from typing import Final

from wyoming.event import Event
from wyoming.info import (
    AsrModel,
    AsrProgram,
    Attribution,
    HandleModel,
    HandleProgram,
    Info,
    TtsProgram,
    TtsVoice,
)

import voice
from voice.assistant import Assistant

_OURS: Final = Attribution("Voice FAQ server", "")
_ENGINES: Final = {
    "vosk": Attribution("Alpha Cephei", "https://alphacephei.com/vosk/"),
    "pocketsphinx": Attribution("CMU Sphinx", "https://github.com/cmusphinx/pocketsphinx"),
    "pyttsx3": Attribution("Natesh M Bhat", "https://github.com/nateshmbhat/pyttsx3"),
}


def info_event(assistant: Assistant) -> Event:
    """Return the answer to `describe`: what hears, speaks and answers here."""
    language = assistant.faq.locale.partition("-")[0].lower()
    return Info(
        asr=[_hears(assistant.recognizer.name, language)] if assistant.recognizer else [],
        tts=[_speaks(assistant.synthesizer.name, language)] if assistant.synthesizer else [],
        handle=[_answers(assistant.faq.title, language)],
    ).event()


def _hears(engine: str, language: str) -> AsrProgram:
    by = _ENGINES.get(engine, _OURS)
    model = AsrModel(f"{engine}-{language}", by, True, engine, voice.__version__, [language])
    return AsrProgram("faq-stt", _OURS, True, "Hears questions", voice.__version__, [model])


def _speaks(engine: str, language: str) -> TtsProgram:
    by = _ENGINES.get(engine, _OURS)
    speaker = TtsVoice(language, by, True, engine, voice.__version__, [language])
    return TtsProgram("faq-tts", _OURS, True, "Speaks answers", voice.__version__, [speaker])


def _answers(title: str, language: str) -> HandleProgram:
    model = HandleModel("faq", _OURS, True, title, voice.__version__, [language])
    return HandleProgram("faq", _OURS, True, title, voice.__version__, [model])
