"""Which model folders are here."""

from __future__ import annotations

from pathlib import Path


def installed_models(folder: Path) -> list[Path]:
    """Return the folders in the models folder, by name; whole or not, of any kind."""
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
