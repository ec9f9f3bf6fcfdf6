"""The voices of an engine, found by name or by locale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from voice.errors import InputError
from voice.tts.protocol import VoiceInfo

_MAX_NAMES: Final = 3  # named in an error
_MIN_LIKENESS: Final = 50  # of 100
_VARIANT: Final = "+"
_ALL: Final = "`voice voices` lists those there are"

# A language alone means its usual region; a region without a voice has one that sounds like it.
_USUAL: Final = {
    "en": "en-us",
    **dict.fromkeys(("en-au", "en-ie", "en-in", "en-nz", "en-sg", "en-za"), "en-gb"),
    "pt": "pt-br",
    "zh": "cmn",
    "zh-hk": "yue",
    "no": "nb",
    "nn": "nb",
    "iw": "he",
    "in": "id",
    "sh": "hr",
    **dict.fromkeys(("es-ar", "es-cl", "es-co", "es-mx", "es-pe", "es-us", "es-ve"), "es-419"),
}


@dataclass(frozen=True, slots=True)
class EngineVoice:
    """A voice as the engine knows it; `locales` in lower case, with "-"."""

    id: str
    title: str
    locales: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the last part of the id where it is a short path, as espeak's, else the title."""
        return self.title if self.id.startswith(("HKEY", "com.")) else self.id.rpartition("/")[2]


class VoiceList:
    """Every voice of one engine, and the variants that can be added to each ("en-us+f3")."""

    def __init__(self, voices: Iterable[EngineVoice], variants: Sequence[str], engine: str) -> None:
        self._voices = list(voices)
        self._variants = {variant.casefold(): variant for variant in variants}
        self._engine = engine

    def infos(self) -> list[VoiceInfo]:
        """Return the voices, then the variants, which go with every locale, as "+f3"."""
        named = [(voice.name, voice.locales) for voice in self._voices]
        variants = [(_VARIANT + variant, ()) for variant in self._variants.values()]
        return [VoiceInfo(name, locales, self._engine) for name, locales in named + variants]

    def choose(self, name: str | None, locale: str) -> str:
        """Return the engine's id of the voice; without a name, the best one of the locale.

        `name` is a voice's name, title or id, then perhaps "+" and a variant; "+f3" alone is a
        variant of the locale's voice. Raises InputError naming near ones.
        """
        base, plus, variant = (name or "").strip().partition(_VARIANT)
        voice = self._named(base) if base else self._of_locale(locale)
        if not plus:
            return voice.id
        exact = self._variants.get(variant.casefold())
        if exact is None:
            raise InputError(_unknown("voice variant", variant, self._variants.values()))
        return f"{voice.id}{_VARIANT}{exact}"

    def _named(self, name: str) -> EngineVoice:
        wanted = name.casefold()
        for voice in self._voices:
            if wanted in (voice.name.casefold(), voice.id.casefold(), voice.title.casefold()):
                return voice
        raise InputError(_unknown("voice", name, [voice.name for voice in self._voices]))

    def _of_locale(self, locale: str) -> EngineVoice:
        tag = _tag(locale)
        while tag:
            usual = _USUAL.get(tag)
            for wanted in (tag, usual) if "-" in tag else (usual, tag):
                found = wanted and self._speaking(wanted)
                if found:
                    return found
            tag = tag.rpartition("-")[0]
        raise InputError(f"no voice here speaks {locale!r}; {_ALL}")

    def _speaking(self, tag: str) -> EngineVoice | None:
        """Return the voice of exactly that tag, else one of another region of it."""
        ranked = [
            ((tag != voice.name.casefold(), tag not in voice.locales), voice)
            for voice in self._voices
            if tag == voice.name.casefold()
            or any(f"{spoken}-".startswith(f"{tag}-") for spoken in voice.locales)
        ]
        return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def engine_voice(voice_id: str, title: str, locales: Iterable[str]) -> EngineVoice:
    """Return the voice with its locales spelled alike on every system."""
    return EngineVoice(voice_id, title, tuple(_tag(locale) for locale in locales if locale))


def _tag(locale: str) -> str:
    return locale.replace("_", "-").casefold()


def _unknown(what: str, name: str, names: Iterable[str]) -> str:
    near = process.extract(
        name.casefold(),
        {each: each.casefold() for each in names},
        scorer=fuzz.ratio,
        limit=_MAX_NAMES,
        score_cutoff=_MIN_LIKENESS,
    )
    advice = f"did you mean {' or '.join(found[2] for found in near)}?" if near else _ALL
    return f"there is no {what} {name!r}; {advice}"
