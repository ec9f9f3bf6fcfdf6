"""The first start from a checkout: fetch the small Vosk model of the FAQ's language, if it can be.

This is the only thing that downloads without being asked by name. It says so, can be skipped with
Ctrl-C, is never needed, and does not try again for a day after it could not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from voice.errors import VoiceError
from voice.faq.locate import faq_path
from voice.faq.readers import read_faq
from voice.models.catalogue import CatalogueModel, vosk_model_for
from voice.models.download import Progress
from voice.models.find import find_vosk_model
from voice.models.install import Source, get_model
from voice.settings import Settings

DAY_SECONDS: Final = 24 * 3600.0

Say = Callable[[str], None]
ShowProgress = Callable[[CatalogueModel], AbstractContextManager[Progress]]


def fetch_first_model(
    settings: Settings,
    say: Say,
    show: ShowProgress,
    *,
    source: Source | None = None,
    catalogue: Path | None = None,
) -> Path | None:
    """Fetch the model that the FAQ's language needs; None when there is nothing to do or it failed.

    Raises nothing for a site that cannot be reached: the server starts without the model.
    """
    model = wanted_model(settings, catalogue)
    waiting = settings.cache_folder / "models" / "not-before"
    if model is None or _waits(waiting):
        return None
    say(
        f"Fetching {model.name} (about {model.about_mb or 50} MB) to hear better; once only. "
        "Ctrl-C skips it."
    )
    try:
        with show(model) as progress:
            return get_model(model, settings.models_folder, source, progress)
    except KeyboardInterrupt:
        say(f"Skipped. `voice models get {model.name}` goes on with it.")
    except VoiceError as error:
        say(f"{error.message}. It starts without; the next try is tomorrow.")
    _wait_a_day(waiting)
    return None


def wanted_model(settings: Settings, catalogue: Path | None = None) -> CatalogueModel | None:
    """Return the model to fetch, None when one is there or downloads are not wanted."""
    if settings.download == "off" or settings.stt not in ("auto", "vosk"):
        return None
    locale = settings.locale or read_faq(faq_path(settings)).locale
    return None if find_vosk_model(settings, locale) else vosk_model_for(locale, catalogue)


def _waits(path: Path) -> bool:
    try:
        return time.time() < float(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def _wait_a_day(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(time.time() + DAY_SECONDS), encoding="utf-8")
    except OSError:
        return  # a cache that cannot be written: the next start tries again
