"""Check a model folder: what it is, and everything that keeps it from being used."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from voice.models.layouts import (
    Kind,
    Layout,
    foreign_kind,
    graph_kind,
    is_zip,
    nested_model,
    vosk_faults,
    vosk_layout,
)
from voice.worker import child_environment

# The largest published model loads in about 20 s from a slow disk.
_TRIAL_SECONDS: Final = 180.0
_KILLED: Final = (-9, 137)


@dataclass(frozen=True, slots=True)
class ModelReport:
    """What a model folder is and what is wrong with it; each fault is one clear line."""

    path: Path
    kind: Kind
    ok: bool
    faults: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


def check_model(path: Path, *, load: bool = True) -> ModelReport:
    """Check the model folder at `path`; with `load`, try it in a process of its own as well."""
    path = Path(path).expanduser().absolute()
    if not path.is_dir() or not os.access(path, os.R_OK | os.X_OK):
        return _faulty(path, _not_a_folder(path))
    layout = vosk_layout(path)
    if layout is None:
        return _not_vosk(path)
    faults = [f"{path}: {fault}" for fault in vosk_faults(path, layout)]
    if not faults and load and (fault := trial_fault(path)):
        faults = [fault]
    return ModelReport(path, "vosk", not faults, tuple(faults), _details(path, layout))


def trial_fault(path: Path) -> str | None:
    """Load the model in a child and return what went wrong, None when it works."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "voice.models.trial", str(path)],
            capture_output=True,
            timeout=_TRIAL_SECONDS,
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{path}: does not load within {_TRIAL_SECONDS:.0f} s"
    if not done.returncode:
        return None
    if done.returncode in _KILLED:
        size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) >> 20
        return f"{path}: loading it was killed; {size} MB of model need more memory than is free"
    return f"{path}: does not load: {_reason(done.stderr.decode(errors='replace'))}"


def trial_fault_cached(path: Path, cache_folder: Path) -> str | None:
    """Do as `trial_fault`, but once for a model whose files have not changed since."""
    note = cache_folder / "models" / f"{_fingerprint(path)}.ok"
    if note.exists():
        return None
    fault = trial_fault(path)
    if fault is None:
        try:
            note.parent.mkdir(parents=True, exist_ok=True)
            note.write_text(f"{path}\n", encoding="utf-8")
        except OSError:
            return None  # the next start tries again
    return fault


def _fingerprint(path: Path) -> str:
    files = sorted(file for file in path.rglob("*") if file.is_file())
    stamps = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(json.dumps(stamps).encode()).hexdigest()[:32]


def _not_a_folder(path: Path) -> str:
    if path.is_file() and is_zip(path):
        return f"{path} is a zip file; unpack it and give the folder that is inside"
    if path.is_dir():
        return f"{path} cannot be read (permissions)"
    return f"{path} is a file, not a model folder" if path.exists() else f"{path} is not there"


def _not_vosk(path: Path) -> ModelReport:
    if foreign := foreign_kind(path):
        kind, called = foreign
        return ModelReport(path, kind, False, (f"{path} is {called}, no Vosk model for hearing",))
    if inner := nested_model(path):
        return _faulty(path, f"{path}: the model is one folder further in; give {inner}")
    if packed := next(path.glob("*.zip"), None):
        return _faulty(path, f"{path} holds {packed.name}, which is not unpacked")
    if not any(path.iterdir()):
        return _faulty(path, f"{path} is empty")
    return _faulty(path, f"{path} is no model: it has neither am/final.mdl nor final.mdl")


def _faulty(path: Path, fault: str) -> ModelReport:
    return ModelReport(path, "unknown", False, (fault,))


def _details(path: Path, layout: Layout) -> dict[str, Any]:
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return {"layout": layout.name, "graph": graph_kind(path), "bytes": size}


def _reason(stderr: str) -> str:
    lines = [line for line in stderr.splitlines() if "ERROR" in line or "ASSERTION" in line]
    if not lines:
        return "the engine crashed on its files; get the model again"
    return lines[0].partition(") ")[2].strip() or lines[0].strip()
