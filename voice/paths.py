"""Where files are: the checkout's own folders, or the user's when installed elsewhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import platformdirs

_APP = "voice-faq-server"
_PACKAGE = Path(__file__).resolve().parent


@cache
def checkout() -> Path | None:
    """Return the repository's folder when running from a checkout, else None."""
    root = _PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "data").is_dir() else None


def default_home() -> Path:
    """Return the folder for keys, own FAQ files and models where no VOICE_HOME is set."""
    return Path(platformdirs.user_data_dir(_APP, appauthor=False))


def default_cache() -> Path:
    """Return the folder for what can be made again."""
    return Path(platformdirs.user_cache_dir(_APP, appauthor=False))


def shipped(*parts: str) -> Path:
    """Return a file or folder that comes with the product, as in `shipped("data", "faq")`."""
    return (checkout() or _PACKAGE / "shipped").joinpath(*parts)


def models_folder(home: Path | None) -> Path:
    """Return where models are looked for: `home`/models if a home is set, else the checkout's."""
    root = checkout()
    if home is None and root is not None:
        return root / "models"
    return (home or default_home()) / "models"
