"""Which FAQ file is served: the one that is named, else an own one, else the shipped one."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from voice import paths
from voice.errors import SetupError
from voice.faq.readers import suffixes
from voice.settings import Settings

_LOG = logging.getLogger(__name__)
_LOCALE: Final = re.compile(r"^locale\s*:\s*[\"']?([A-Za-z0-9_-]+)", re.MULTILINE)
_HEADER_CHARS: Final = 20_000  # the header stands above the entries


def faq_path(settings: Settings) -> Path:
    """Return the FAQ file to serve; raises SetupError where none is of the locale asked for.

    Own files (in the home's faq folder) come before the shipped ones; once there is one, the
    shipped FAQ is not served unless it is named.
    """
    if settings.faq is not None:
        return settings.faq
    files = _files(_own_folder(settings)) or _files(paths.shipped("data", "faq"))
    if not files:
        raise SetupError("there is no FAQ file; name one with --faq FILE")
    if settings.locale is None:
        return _first(files, "no locale is set")
    return _of_locale(files, settings.locale)


def _own_folder(settings: Settings) -> Path | None:
    """Return the folder of own files; a checkout without a home has only the one of its data."""
    if settings.home is None and paths.checkout() is not None:
        return None
    return settings.home_folder / "faq"


def _files(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in suffixes())


def _of_locale(files: list[Path], locale: str) -> Path:
    wanted = _key(locale)
    locales = {path: _locale_of(path) for path in files}
    tests: list[Callable[[str], bool]] = [
        lambda there: there == wanted,
        lambda there: _language(there) == _language(wanted),
    ]
    for test in tests:
        alike = [path for path, there in locales.items() if there and test(_key(there))]
        if alike:
            path = _first(alike, f"several have the locale {locale}")
            if _key(locales[path] or "") != wanted:
                _LOG.warning("no FAQ for %s; taking the one for %s", locale, locales[path])
            return path
    there = sorted({name for name in locales.values() if name})
    raise SetupError(f"there is no FAQ for {locale}; there is one for {', '.join(there) or 'none'}")


def _first(files: list[Path], reason: str) -> Path:
    if len(files) > 1:
        _LOG.info("%d FAQ files and %s; taking %s", len(files), reason, files[0].name)
    return files[0]


def _locale_of(path: Path) -> str | None:
    """Return the locale that a file's header names, without reading the rest."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            found = _LOCALE.search(file.read(_HEADER_CHARS))
    except OSError:
        return None
    return found[1] if found else None


def _key(locale: str) -> str:
    return locale.replace("_", "-").casefold()


def _language(key: str) -> str:
    return key.partition("-")[0]
