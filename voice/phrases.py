"""What the assistant itself says, and the words it listens for, one file a language."""

from __future__ import annotations

import logging
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from voice import paths
from voice.errors import SetupError

log = logging.getLogger(__name__)

FALLBACK_LANGUAGE: Final = "en"
_LOCALE: Final = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*")

# Each thing that is said, with the fields its text must name.
SAY: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "greeting": frozenset(),
        "clarify": frozenset({"choices"}),
        "choice_first": frozenset({"question"}),
        "choice_second": frozenset({"question"}),
        "choice_third": frozenset({"question"}),
        "clarify_one": frozenset({"question"}),
        "related": frozenset({"choices"}),
        "related_one": frozenset({"question"}),
        "choose_again": frozenset(),
        "neither_reply": frozenset(),
        "unknown": frozenset(),
        "unknown_again": frozenset(),
        "hand_off": frozenset({"contact"}),
        "contact_phone": frozenset({"phone"}),
        "contact_email": frozenset({"email"}),
        "contact_url": frozenset({"url"}),
        "hand_off_without_contact": frozenset(),
        "no_input": frozenset(),
        "nothing_heard": frozenset(),
        "repeat_nothing": frozenset(),
        "help": frozenset({"title"}),
        "page_offer": frozenset(),
        "more_offer": frozenset(),
        "related_offer": frozenset(),
        "anything_else": frozenset(),
        "your_question": frozenset(),
        "no_more": frozenset(),
        "declined": frozenset(),
        "thanks_reply": frozenset(),
        "stop_reply": frozenset(),
        "error": frozenset(),
        "try_again": frozenset(),
        "busy": frozenset(),
        "too_long": frozenset(),
    }
)
COMMANDS: Final = (
    *("stop", "repeat", "help", "more", "next"),
    *("slower", "thanks", "goodbye", "hand_off"),
)
CHOICES: Final = ("first", "second", "third", "yes", "no", "neither")


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's phrases; texts of `say` are filled in with `str.format`."""

    locale: str
    say: Mapping[str, str]  # keys and their fields as in SAY
    commands: Mapping[str, tuple[str, ...]]  # wordings by command, keys as in COMMANDS
    choices: Mapping[str, tuple[str, ...]]  # wordings by choice, keys as in CHOICES

    def spoken_wordings(self) -> tuple[str, ...]:
        """Return every wording that is listened for, without repeats."""
        groups = (*self.commands.values(), *self.choices.values())
        return tuple(dict.fromkeys(wording for group in groups for wording in group))


def load_phrases(locale: str, folder: Path | None = None) -> Phrases:
    """Return the phrases of `locale`: its own file, else its language's, else the English ones.

    Raises SetupError when the file that is taken has faults.
    """
    folder = folder or paths.shipped("data", "phrases")
    language = locale.partition("-")[0]
    for name in (locale, language.lower()):
        path = folder / f"{name}.yaml"
        if _LOCALE.fullmatch(name) and path.is_file():
            return read_phrases(path)
    log.warning("no phrases for %s; the assistant's own phrases are English", locale)
    return read_phrases(folder / f"{FALLBACK_LANGUAGE}.yaml")


def read_phrases(path: Path) -> Phrases:
    """Return the phrases of one file; raises SetupError naming the first fault."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, YAMLError) as error:
        raise SetupError(f"cannot read phrases: {path.name}: {_one_line(error)}") from None
    try:
        return _phrases(path.stem, data)
    except ValueError as error:
        raise SetupError(f"{path.name}: {error}") from None


def _phrases(locale: str, data: Any) -> Phrases:
    groups = _section(data, ("say", "commands", "choices"), "the file")
    say = _section(groups["say"], tuple(SAY), "say")
    for key, text in say.items():
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"say.{key}: text required")
        if _fields(text) != SAY[key]:
            raise ValueError(f"say.{key}: must name {sorted(SAY[key])} and nothing else")
    return Phrases(
        locale,
        MappingProxyType({key: say[key] for key in SAY}),
        _wordings(groups["commands"], COMMANDS, "commands"),
        _wordings(groups["choices"], CHOICES, "choices"),
    )


def _wordings(data: Any, keys: tuple[str, ...], name: str) -> Mapping[str, tuple[str, ...]]:
    section = _section(data, keys, name)
    for key, wordings in section.items():
        if not isinstance(wordings, list) or not wordings:
            raise ValueError(f"{name}.{key}: a list of wordings required")
        if not all(isinstance(wording, str) and wording.strip() for wording in wordings):
            raise ValueError(f"{name}.{key}: every wording must be text")
    return MappingProxyType({key: tuple(section[key]) for key in keys})


def _section(data: Any, keys: tuple[str, ...], name: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ValueError(f"{name} must hold {', '.join(keys)}")
    wrong = [str(key) for key in data if key not in keys]
    missing = [key for key in keys if key not in data]
    if wrong or missing:
        raise ValueError(f"{name}: missing {missing}, unknown {wrong}")
    return data


def _fields(template: str) -> frozenset[str]:
    return frozenset(
        name for _, name, _, _ in string.Formatter().parse(template) if name is not None
    )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
