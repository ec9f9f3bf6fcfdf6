"""What the interaction model needs of a language, from data/alexa/<language>.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ruamel.yaml import YAML

from voice import paths
from voice.errors import InputError
from voice.matching.wording import language_of

FOLDER: Final = paths.shipped("data", "alexa")


@dataclass(frozen=True, slots=True)
class SkillWording:
    """One language of Alexa's."""

    locales: tuple[str, ...]
    samples: tuple[str, ...]  # how questions begin, each with {query}
    launch: tuple[str, ...]  # what opens skills
    connecting: tuple[str, ...]  # what leads from a skill's name to a question
    small: tuple[str, ...]  # articles and prepositions


def skill_wording(locale: str) -> SkillWording:
    """Return the wording of a locale's language; raises InputError where there is none."""
    path = FOLDER / f"{language_of(locale)}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in FOLDER.glob("*.yaml")))
        raise InputError(f"there is no skill for {locale}: its language must be one of {known}")
    groups = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return SkillWording(**{name: tuple(words) for name, words in groups.items()})
