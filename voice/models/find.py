"""Find the Vosk model that hears a language, by the names of the folders in models/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from voice.models.layouts import nested_model, vosk_layout
from voice.settings import Settings

# Where Alpha Cephei's folder names differ from BCP-47.
_LANGUAGES: Final = {"cn": "zh", "kz": "kk", "ua": "uk", "vn": "vi"}
# vosk-model-small-en-us-0.15, vosk-model-el-gr-0.7, vosk-tiny-en
_NAME: Final = re.compile(
    r"vosk-(?:model-)?(?:small-|big-|tiny-)?(?P<language>[a-z]{2,3})(?:-(?P<region>[a-z]{2}))?(?:-.*)?"
)


def model_locale(name: str) -> str | None:
    """Return the language tag in a Vosk model's folder name: "en-US", "de", or None."""
    parts = _NAME.fullmatch(name.lower())
    if parts is None or parts["language"] in ("spk", "tts"):
        return None
    language = _LANGUAGES.get(parts["language"], parts["language"])
    return f"{language}-{parts['region'].upper()}" if parts["region"] else language


def find_vosk_model(settings: Settings, locale: str) -> Path | None:
    """Return the folder of the Vosk model for `locale`: the one set, else the best in models/.

    Only names are compared and only the presence of a model is looked at; `check_model` says
    whether it is whole.
    """
    if settings.vosk_model is not None:
        return settings.vosk_model.expanduser().absolute()
    fitting = [
        (_preference(folder, locale), folder)
        for folder in _folders(settings.models_folder)
        if _same_language(model_locale(folder.name), locale)
    ]
    return max(fitting)[1] if fitting else None


def _folders(models: Path) -> Iterator[Path]:
    """Yield folders that hold, or were meant to hold, a Vosk model."""
    if not models.is_dir():
        return
    for folder in models.iterdir():
        if folder.is_dir() and (vosk_layout(folder) or nested_model(folder)):
            yield folder


def _same_language(found: str | None, wanted: str) -> bool:
    return bool(found) and _language(found or "") == _language(wanted)


def _preference(folder: Path, locale: str) -> tuple[bool, bool, bool, str]:
    # The region's own model first, then one for every region, then a larger one, since its owner
    # fetched it on purpose, then the newest by name.
    found = model_locale(folder.name) or ""
    small = any(part in ("small", "tiny") for part in folder.name.lower().split("-"))
    return found.lower() == locale.lower(), "-" not in found, not small, folder.name


def _language(locale: str) -> str:
    return locale.partition("-")[0].lower()
