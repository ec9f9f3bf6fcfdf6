"""Put an assistant together from the settings; what does not work here is told, not fatal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from voice.assistant import Assistant, Parts
from voice.audio.decoder import AudioDecoder
from voice.audio.gate_pool import GatePool
from voice.conversation import ConversationTokens
from voice.errors import VoiceError
from voice.faq import Faq
from voice.faq.locate import faq_path
from voice.faq.readers import read_faq
from voice.keys import signing_keys
from voice.matching.matcher import Matcher, MatchOptions
from voice.phrases import Phrases, load_phrases
from voice.settings import Settings
from voice.stt import hearing_advice, open_recognizer
from voice.stt.protocol import Recognizer
from voice.tts import open_synthesizer
from voice.tts.cache import SpeechCache
from voice.tts.cached import CachedSynthesizer
from voice.tts.protocol import VoiceOptions

MEGABYTE: Final = 1 << 20
_LOG = logging.getLogger(__name__)
_Part = TypeVar("_Part")


def open_assistant(settings: Settings, *, hearing: bool = True, speaking: bool = True) -> Assistant:
    """Return an assistant with its models loaded.

    Raises FaqError when the FAQ cannot be used and SetupError when there is none; a missing
    recognizer or synthesizer is a line in `Assistant.problems`.
    """
    hearing = hearing and settings.stt != "off"
    speaking = speaking and settings.tts != "off"
    faq = read_faq(faq_path(settings))
    phrases = load_phrases(faq.locale)
    problems: list[str] = []
    with ThreadPoolExecutor(max_workers=4) as pool:  # engines load side by side
        decoder = pool.submit(_open_decoder, settings, hearing or speaking)
        ears = pool.submit(_open_ears, settings, faq, phrases, hearing)
        cutter = pool.submit(_open_gate, hearing)
        mouth = pool.submit(_open_mouth, settings, faq, speaking)
        matcher = Matcher(faq, MatchOptions(settings.min_score, settings.min_margin))
        recognizer, gate = _both(
            _part_or_problem(ears.result, problems), _part_or_problem(cutter.result, problems)
        )
        synthesizer = _part_or_problem(mouth.result, problems)
        parts = Parts(
            faq=faq,
            phrases=phrases,
            matcher=matcher,
            tokens=ConversationTokens(signing_keys(settings)),
            decoder=_part_or_problem(decoder.result, problems),
            gate=gate,
            recognizer=recognizer,
            synthesizer=synthesizer,
            max_audio_seconds=settings.max_audio_seconds,
            problems=tuple(problems),
        )
    return Assistant(parts)


def _open_decoder(settings: Settings, wanted: bool) -> AudioDecoder | None:
    if not wanted:
        return None
    decoder = AudioDecoder(max_bytes=int(settings.max_audio_mb * MEGABYTE))
    decoder.start()
    return decoder


def _open_ears(settings: Settings, faq: Faq, phrases: Phrases, hearing: bool) -> Recognizer | None:
    if not hearing:
        return None

    def wordings() -> list[str]:
        return [*faq.phrases, *phrases.spoken_wordings()]

    recognizer = open_recognizer(settings, faq.locale, wordings)
    advice = hearing_advice(settings, faq.locale)
    if advice:
        _LOG.info("%s", advice)
    return recognizer


def _open_gate(hearing: bool) -> GatePool | None:
    if not hearing:
        return None
    gate = GatePool()
    gate.start()
    return gate


def _both(
    recognizer: Recognizer | None, gate: GatePool | None
) -> tuple[Recognizer | None, GatePool | None]:
    """Return both or, as neither hears without the other, neither."""
    if recognizer and gate:
        return recognizer, gate
    for part in (recognizer, gate):
        if part is not None:
            part.close()
    return None, None


def _open_mouth(settings: Settings, faq: Faq, speaking: bool) -> CachedSynthesizer | None:
    if not speaking:
        return None
    cache = None
    if settings.speech_cache_mb:
        cache = SpeechCache(settings.cache_folder / "speech", settings.speech_cache_mb * MEGABYTE)
    options = VoiceOptions(settings.voice, faq.locale, settings.rate, settings.volume)
    return CachedSynthesizer(open_synthesizer(settings), cache, options)


def _part_or_problem(open_part: Callable[[], _Part], problems: list[str]) -> _Part | None:
    """Return the part, or None with a line about why it does not work here."""
    try:
        return open_part()
    except VoiceError as error:
        problems.append(error.message)
        _LOG.warning("%s", error.message)
        return None
