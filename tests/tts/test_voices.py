import pytest

from voice.errors import InputError
from voice.tts.pyttsx3 import Pyttsx3Synthesizer
from voice.tts.voices import VoiceList, engine_voice

ESPEAK = VoiceList(
    [
        engine_voice("gmw/de", "German", ["de"]),
        engine_voice("gmw/en", "English (Great Britain)", ["en-gb"]),
        engine_voice("gmw/en-gb-scotland", "English (Scotland)", ["en-gb-scotland"]),
        engine_voice("gmw/en-us", "English (America)", ["en-us"]),
        engine_voice("roa/es-419", "Spanish (Latin America)", ["es-419"]),
        engine_voice("roa/es", "Spanish (Spain)", ["es"]),
        engine_voice("roa/fr-be", "French (Belgium)", ["fr-be"]),
        engine_voice("roa/fr", "French (France)", ["fr-fr"]),
        engine_voice("sit/cmn", "Chinese (Mandarin)", ["cmn"]),
    ],
    ["Annie", "f3"],
    "pyttsx3",
)
APPLE = VoiceList(
    [
        engine_voice("com.apple.voice.compact.en-AU.Karen", "Karen", ["en_AU"]),
        engine_voice("com.apple.voice.compact.en-US.Samantha", "Samantha", ["en_US"]),
        engine_voice("com.apple.voice.compact.de-DE.Anna", "Anna", ["de_DE"]),
    ],
    [],
    "pyttsx3",
)


@pytest.mark.parametrize(
    ("locale", "voice"),
    [
        ("en", "gmw/en-us"),
        ("en-US", "gmw/en-us"),
        ("en_us", "gmw/en-us"),
        ("en-GB", "gmw/en"),
        ("en-AU", "gmw/en"),
        ("en-CA", "gmw/en-us"),
        ("de-AT", "gmw/de"),
        ("es-MX", "roa/es-419"),
        ("es", "roa/es"),
        ("fr", "roa/fr"),
        ("fr-CA", "roa/fr"),
        ("fr-BE", "roa/fr-be"),
        ("zh-Hans-CN", "sit/cmn"),
    ],
)
def test_a_locale_has_its_voice(locale: str, voice: str) -> None:
    assert ESPEAK.choose(None, locale) == voice


@pytest.mark.parametrize(
    ("locale", "name"), [("en", "Samantha"), ("en-AU", "Karen"), ("de", "Anna")]
)
def test_a_locale_has_its_voice_on_other_systems(locale: str, name: str) -> None:
    assert APPLE.choose(None, locale).endswith(name)
    assert APPLE.choose(name.upper(), "xx").endswith(name)


@pytest.mark.parametrize(
    ("name", "voice"),
    [
        ("en-us", "gmw/en-us"),
        ("EN-US", "gmw/en-us"),
        ("gmw/en-us", "gmw/en-us"),
        ("English (America)", "gmw/en-us"),
        ("en-us+F3", "gmw/en-us+f3"),
        ("german+annie", "gmw/de+Annie"),
        ("+f3", "roa/fr+f3"),
        ("", "roa/fr"),
    ],
)
def test_a_voice_has_several_names(name: str, voice: str) -> None:
    assert ESPEAK.choose(name, "fr") == voice


@pytest.mark.parametrize(
    ("name", "locale", "message"),
    [
        ("en-uss", "en", "there is no voice 'en-uss'; did you mean en-us"),
        ("zzzzzz", "en", "there is no voice 'zzzzzz'; `voice voices` lists"),
        ("en-us+f4", "en", "there is no voice variant 'f4'; did you mean f3?"),
        ("en-us+", "en", "there is no voice variant ''"),
        (None, "xx", "no voice here speaks 'xx'"),
        (None, "", "no voice here speaks ''"),
    ],
)
def test_an_unknown_voice_names_near_ones(name: str | None, locale: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        ESPEAK.choose(name, locale)
    assert str(raised.value).startswith(message)


def test_every_voice_of_the_engine_is_listed_once(synthesizer: Pyttsx3Synthesizer) -> None:
    voices = synthesizer.voices()
    names = [voice.name for voice in voices]
    assert len(set(names)) == len(names)
    assert len([voice for voice in voices if voice.locales]) > 100
    assert {"en-us", "de", "fr", "es", "+f3"} <= set(names)
    assert not {"fo", "kaa", "xex"} & set(names)  # without a dictionary: silent
