"""What kinds of model folders look like, and what is missing from one."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Kind = Literal["vosk", "vosk-speaker", "whisper", "piper", "unknown"]

# A published network has megabytes, the smallest of the tests two; less is a cut download or a
# pointer that stands for the file.
_LEAST_NETWORK_BYTES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to arrange a Vosk model; each group of paths needs one member, whole."""

    name: str
    network: str  # the file by which the layout is recognized
    groups: tuple[tuple[tuple[str, ...], ...], ...]


def _graph(folder: str) -> tuple[tuple[str, ...], ...]:
    """Return the two sorts of decoding graph: whole, or in two parts that take grammars."""
    parts = ("HCLr.fst", "Gr.fst", "disambig_tid.int")
    return ((f"{folder}HCLG.fst",), tuple(f"{folder}{part}" for part in parts))


# Alpha Cephei's two layouts, as the engine itself tells them apart.
LAYOUTS: Final = (
    Layout(
        "new",
        "am/final.mdl",
        (
            (("am/final.mdl",),),
            (("conf/model.conf",),),
            (("conf/mfcc.conf",), ("conf/fbank.conf",)),
            _graph("graph/"),
        ),
    ),
    Layout(
        "old",
        "final.mdl",
        ((("final.mdl",),), (("mfcc.conf",), ("fbank.conf",)), _graph("")),
    ),
)
_IVECTOR_FILES: Final = ("final.ie", "final.dubm", "final.mat", "global_cmvn.stats")
# Files that give other kinds of model away, and how such a model is called.
_FOREIGN: Final[tuple[tuple[Kind, str, tuple[str, ...]], ...]] = (
    ("vosk-speaker", "a Vosk speaker model", ("final.ext.raw",)),
    ("whisper", "a Whisper model", ("model.bin", "config.json")),
    ("piper", "a Piper voice, which speaks", ("*.onnx", "*.onnx.json")),
    ("unknown", "a sentence encoder", ("model*.onnx", "tokenizer.json")),
    ("unknown", "a PocketSphinx model", ("mdef", "means", "variances")),
    ("unknown", "a voice for speaking", ("*.onnx",)),
)


def vosk_layout(folder: Path) -> Layout | None:
    """Return the Vosk layout that the folder has or was meant to have."""
    for layout in LAYOUTS:
        if (folder / layout.network).exists():
            return layout
    started = [(folder / part).is_dir() for part in ("am", "conf", "graph")]
    return LAYOUTS[0] if sum(started) >= 2 else None


def graph_kind(folder: Path) -> Literal["dynamic", "static"]:
    """Return whether a Vosk model takes grammars ("dynamic") or ignores them ("static")."""
    return (
        "dynamic"
        if any(folder.glob("HCLr.fst")) or any(folder.glob("graph/HCLr.fst"))
        else ("static")
    )


def vosk_faults(folder: Path, layout: Layout) -> Iterator[str]:
    """Yield what is wrong with the files of a Vosk model, one clause each."""
    for group in layout.groups:
        yield from _group_faults(folder, group)
    if (folder / "ivector").is_dir():
        yield from _group_faults(folder, (tuple(f"ivector/{name}" for name in _IVECTOR_FILES),))
    words = folder / "graph" / "words.txt"
    if words.exists() and not words.stat().st_size:
        yield "graph/words.txt is empty"


def _group_faults(folder: Path, group: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    # The member of which most is there is the one that was meant.
    meant = max(group, key=lambda member: sum((folder / name).exists() for name in member))
    for name in meant:
        if fault := _file_fault(folder / name):
            yield f"{name} {fault}"


def _file_fault(path: Path) -> str | None:
    if not path.is_file():
        return "is missing"
    if not os.access(path, os.R_OK):
        return "cannot be read (permissions)"
    size = path.stat().st_size
    if not size:
        return "is empty"
    if path.name == "final.mdl" and size < _LEAST_NETWORK_BYTES:
        return f"has only {size} bytes (a cut download?)"
    return None


def foreign_kind(folder: Path) -> tuple[Kind, str] | None:
    """Return what other kind of model the folder holds, and how it is called."""
    for kind, called, patterns in _FOREIGN:
        if all(any(folder.glob(pattern)) for pattern in patterns):
            return kind, called
    return None


def nested_model(folder: Path) -> Path | None:
    """Return the inner folder that holds the model, where a zip was unpacked one level deep."""
    inner = (child for child in sorted(folder.iterdir()) if child.is_dir())
    return next((child for child in inner if vosk_layout(child)), None)


def is_zip(path: Path) -> bool:
    """Return whether the path is a zip file that should have been unpacked."""
    return path.suffix.lower() == ".zip" or zipfile.is_zipfile(path)
