"""Speech for all callers: prepared, made once for those who ask together, kept when asked to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from voice.errors import InputError
from voice.flight import SingleFlight
from voice.tts.cache import SpeechCache, speech_key
from voice.tts.protocol import Synthesizer, VoiceInfo, VoiceOptions, check_length
from voice.tts.spoken import speakable
from voice.tts.warming import Warmer
from voice.tts.wav import wav_seconds
from voice.types import Speech

_DEADLINE_SECONDS: Final = 20.0


class CachedSynthesizer:
    """A synthesizer with its cache; every method may be called from any thread."""

    def __init__(
        self, synthesizer: Synthesizer, cache: SpeechCache | None, defaults: VoiceOptions
    ) -> None:
        self.name = synthesizer.name
        self._synthesizer = synthesizer
        self._cache = cache
        self._defaults = defaults
        self._flights: SingleFlight[Speech] = SingleFlight()
        self._warmer = Warmer(self._keep)

    def speak(
        self,
        text: str,
        *,
        keep: bool = False,
        voice: str | None = None,
        rate: int | None = None,
        volume: float | None = None,
        locale: str | None = None,
        deadline_seconds: float = _DEADLINE_SECONDS,
    ) -> Speech:
        """Return the text as speech; what is not given is as the defaults have it.

        `keep` is for the FAQ's answers and own phrases only: their speech stays on disk. Raises
        InputError for what cannot be said, BusyError, DeadlineError, EngineError.
        """
        options = self._options(voice, rate, volume, locale)
        with self._warmer.foreground():
            return self._speak(text, options, keep, deadline_seconds)

    def kept(self, text: str) -> Speech | None:
        """Return what is in the cache of `speak(text, keep=True)`, without speaking it."""
        options = self._defaults
        said = speakable(text, options.locale)
        return _kept(self._cache, speech_key(said, options, self._synthesizer.version))

    @property
    def locale(self) -> str:
        """Return the language that is spoken where none is asked for."""
        return self._defaults.locale

    @property
    def rate(self) -> int:
        """Return how many words a minute are spoken where no rate is asked for."""
        return self._defaults.rate

    def warm(self, texts: Iterable[str]) -> None:
        """Speak the texts into the cache in the background, as `speak(text, keep=True)` would."""
        if self._cache:
            self._warmer.add(texts)

    def voices(self) -> list[VoiceInfo]:
        """Return the voices there are."""
        return self._synthesizer.voices()

    def close(self) -> None:
        """Stop what runs in the background and let go of the engine."""
        self._warmer.stop()
        self._synthesizer.close()

    def _keep(self, text: str) -> Speech:
        return self._speak(text, self._defaults, True, _DEADLINE_SECONDS)

    def _options(
        self, voice: str | None, rate: int | None, volume: float | None, locale: str | None
    ) -> VoiceOptions:
        defaults = self._defaults
        if voice is None and (locale is None or _language(locale) == _language(defaults.locale)):
            voice = defaults.voice  # which speaks this language only
        return VoiceOptions(
            voice=voice,
            locale=defaults.locale if locale is None else locale,
            rate=defaults.rate if rate is None else rate,
            volume=defaults.volume if volume is None else volume,
        )

    def _speak(self, text: str, options: VoiceOptions, keep: bool, seconds: float) -> Speech:
        check_length(text)
        said = speakable(text, options.locale)
        if not said:
            raise InputError("there is nothing to say: the text has no words")
        key = speech_key(said, options, self._synthesizer.version)

        def make(left: float) -> Speech:
            kept = _kept(self._cache, key)
            if kept:
                return kept
            speech = self._synthesizer.synthesize(said, options, left)
            if keep and self._cache:
                self._cache.put(key, speech.wav)
            return speech

        return self._flights.run(f"{key} {keep}", make, seconds)


def _kept(cache: SpeechCache | None, key: str) -> Speech | None:
    wav = cache.get(key) if cache else None
    seconds = wav_seconds(wav) if wav else None
    return Speech(wav, seconds, cached=True) if wav and seconds is not None else None


def _language(locale: str) -> str:
    return locale.replace("_", "-").partition("-")[0].casefold()
