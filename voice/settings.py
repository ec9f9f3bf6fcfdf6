"""Every setting, typed: command line, then VOICE_* variables, then voice.toml, then defaults."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from rapidfuzz import process

from voice import paths
from voice.errors import InputError

PREFIX = "VOICE_"
# For the tests' own data; never a setting.
TEST_PREFIX = "VOICE_TEST_"


def _split_list(value: Any) -> Any:
    """Accept "a, b" where a list is wanted, as environment variables give it; JSON lists, too."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        return json.loads(value)
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _refuse_blank(items: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    """Refuse a blank key, as a template leaves it: everybody would have it."""
    if not all(item.get_secret_value().strip() for item in items):
        raise ValueError("a key must not be blank")
    return items


def _refuse_blank_one(item: SecretStr | None) -> SecretStr | None:
    """Refuse a blank secret likewise."""
    if item is not None and not item.get_secret_value().strip():
        raise ValueError("a secret must not be blank")
    return item


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_list)]
Secrets = Annotated[
    tuple[SecretStr, ...], NoDecode, BeforeValidator(_split_list), AfterValidator(_refuse_blank)
]

Secret = Annotated[SecretStr | None, AfterValidator(_refuse_blank_one)]


class Settings(BaseSettings):
    """What the owner can set. The description of each field is its line in the README."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", toml_file="voice.toml")

    faq: Path | None = Field(None, description="The FAQ file; the shipped one when not set.")
    locale: str | None = Field(None, description="Language tag of the FAQ to take, as en-US.")
    home: Path | None = Field(
        None, description="Folder for models, keys and own FAQ files, instead of the usual one."
    )
    cache: Path | None = Field(None, description="Folder for what can be made again.")

    host: str = Field("127.0.0.1", description="Address to serve on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to serve on; 0 takes a free one.")
    allowed_hosts: Names = Field(
        (), description="Host names the server answers to, besides localhost and loopback."
    )
    allowed_origins: Names = Field(
        (), description="Web origins (https://site.example) whose pages may talk to the server."
    )
    public_url: str | None = Field(
        None, description="The address that voice platforms call, as https://faq.example."
    )
    api_keys: Secrets = Field(
        (), description="Keys that callers must send as a bearer token; none: no key is asked."
    )
    secret_keys: Secrets = Field(
        (), description="Keys that sign conversations: the first signs, all verify."
    )
    alexa_skill_ids: Names = Field(
        (), description="Alexa skills that may call, as amzn1.ask.skill.…; none: Alexa is off."
    )
    alexa_test_root: Path | None = Field(
        None, description="A further certificate authority (PEM) to trust, for tests only."
    )
    alexa_test_certs: Path | None = Field(
        None, description="Folder to read Alexa's certificates from instead, for tests only."
    )
    dialogflow_token: Secret = Field(
        None, description="What Dialogflow sends as a bearer token or in X-Voice-Token."
    )
    dialogflow_basic: Secret = Field(
        None, description="What Dialogflow signs in with, as user:password."
    )
    twilio_auth_token: Secrets = Field(
        (), description="Twilio's auth token, or two while one replaces the other."
    )
    twilio_speech: Literal["play", "say"] = Field(
        "play", description="Whether callers hear our own voice or Twilio's."
    )
    wyoming_uri: str | None = Field(
        None, description="Where Home Assistant finds us, as tcp://127.0.0.1:10300."
    )
    wyoming_model: Literal["auto", "open", "faq"] = Field(
        "auto",
        description="What Home Assistant hears: what was said (open) or what fits the FAQ (faq); "
        "auto is faq where PocketSphinx hears.",
    )
    drain_seconds: float = Field(
        5.0, ge=0, le=600, description="How long running turns may take when the server stops."
    )
    log_questions: bool = Field(False, description="Whether the log may hold what people asked.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least important messages that are logged."
    )

    stt: Literal["auto", "vosk", "pocketsphinx", "off"] = Field(
        "auto", description="Which recognizer hears; auto takes Vosk where a model is."
    )
    vosk_model: Path | None = Field(
        None, description="Folder of the Vosk model, instead of looking in models/."
    )
    language_model: Literal["faq", "mix"] = Field(
        "faq",
        description="What PocketSphinx expects: the FAQ's wording alone, or mixed with a "
        "background of common English.",
    )
    download: Literal["on", "off"] = Field(
        "on", description="Whether script/run may fetch a model at the first start."
    )
    stt_workers: int = Field(1, ge=1, le=16, description="PocketSphinx processes.")

    tts: Literal["auto", "pyttsx3", "off"] = Field("auto", description="Which synthesizer speaks.")
    voice: str | None = Field(None, description="The voice by name, as `voice voices` lists it.")
    rate: int = Field(165, ge=60, le=400, description="Speed of speech in words a minute.")
    volume: float = Field(1.0, ge=0, le=1, description="Loudness of speech.")
    speech_cache_mb: int = Field(
        200, ge=0, le=100_000, description="Size of the speech cache on disk; 0 keeps none."
    )

    min_score: float = Field(
        0.62, ge=0, le=1, description="Least score of an answer; below it, ask back or say so."
    )
    min_margin: float = Field(
        0.07, ge=0, le=1, description="Least lead over the next entry; below it, ask back."
    )

    microphone: str | None = Field(
        None,
        description="The microphone by number or part of its name, as `voice doctor` lists it.",
    )
    loudspeaker: str | None = Field(
        None, description="The loudspeaker by number or part of its name, likewise."
    )
    silence_seconds: float = Field(
        0.6, ge=0.2, le=5, description="Silence that ends a question at the microphone."
    )
    pause_seconds: float = Field(
        0.2, gt=0, le=5, description="Silence after which the answer is got ready already."
    )
    utterance_seconds: float = Field(
        20.0, ge=2, le=60, description="Longest question at the microphone."
    )

    max_audio_mb: float = Field(25.0, gt=0, le=200, description="Largest audio upload.")
    max_audio_seconds: float = Field(60.0, gt=0, le=600, description="Longest audio at /listen.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources, strongest first."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def models_folder(self) -> Path:
        """Return the folder that holds speech models."""
        return paths.models_folder(self.home)

    @property
    def home_folder(self) -> Path:
        """Return the folder for keys and own files."""
        return self.home or paths.default_home()

    @property
    def cache_folder(self) -> Path:
        """Return the folder for what can be made again."""
        return self.cache or (self.home / "cache" if self.home else paths.default_cache())

    def masked(self) -> dict[str, Any]:
        """Return every setting as plain JSON values, secrets as stars."""
        return self.model_dump(mode="json")


def load_settings(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings of this process; raises InputError naming the faulty key."""
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    unknown = [
        name
        for name in os.environ
        if name.startswith(PREFIX)
        and not name.startswith(TEST_PREFIX)
        and name.removeprefix(PREFIX).lower() not in Settings.model_fields
    ]
    if unknown:
        name = unknown[0]
        raise InputError(f"{name} is no setting; {_nearest(name.removeprefix(PREFIX), PREFIX)}")
    try:
        return Settings(**given)
    except ValidationError as error:
        raise InputError(_explain(error)) from None
    except (OSError, ValueError) as error:  # an unreadable or malformed voice.toml
        raise InputError(f"voice.toml: {error}") from None


def _explain(error: ValidationError) -> str:
    fault = error.errors()[0]
    name = str(fault["loc"][0]) if fault["loc"] else "settings"
    if fault["type"] == "extra_forbidden":
        return f"{name} is no setting; {_nearest(name)}"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"setting {name}: {message[0].lower()}{message[1:]}"


def _nearest(name: str, prefix: str = "") -> str:
    nearest = process.extractOne(name.lower(), list(Settings.model_fields))
    best = str(nearest[0])
    return f"did you mean {prefix}{best.upper() if prefix else best}?"
