"""The catalogue of speech and language models that are known to work here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from voice import paths
from voice.errors import SetupError

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_PACKED: Final = ".zip"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CatalogueFile(_Value):
    """One file to fetch."""

    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
    sha256: tuple[Sha256, ...] = ()  # every value the file has had; empty: not known
    bytes: int | None = Field(None, gt=0)

    @property
    def name(self) -> str:
        """Return the file's name on disk."""
        return self.url.rpartition("/")[2]

    @property
    def is_packed(self) -> bool:
        """Return whether the file is an archive that holds the model folder."""
        return self.name.endswith(_PACKED)


class CatalogueModel(_Value):
    """One model: what it is for, where it comes from, under which licence."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$")]  # its folder's name
    kind: Literal["vosk", "whisper", "piper", "encoder"]
    locale: str | None  # None: every language
    license: str
    files: tuple[CatalogueFile, ...] = Field(min_length=1)
    listing: str | None = None  # a JSON list with md5 and size, where no sha256 is known
    about_mb: int | None = Field(None, gt=0)  # to fetch, roughly
    default: bool = False  # the one to take for its language
    note: str | None = None

    @property
    def language(self) -> str | None:
        """Return the language of `locale`, as "en"."""
        return self.locale.partition("-")[0] if self.locale else None


class _Catalogue(_Value):
    models: tuple[CatalogueModel, ...]


def load_catalogue(path: Path | None = None) -> tuple[CatalogueModel, ...]:
    """Return every model of models/catalogue.yaml; raises SetupError when that file is faulty."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    path = path or paths.shipped("models", "catalogue.yaml")
    try:
        text = path.read_text(encoding="utf-8")
        return _Catalogue.model_validate(YAML(typ="safe", pure=True).load(text)).models
    except (OSError, ValueError, YAMLError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        raise SetupError(f"cannot read {path.name}: {' '.join(str(reason).split())}") from None


def vosk_model_for(locale: str, path: Path | None = None) -> CatalogueModel | None:
    """Return the Vosk model to get for a language tag, None when there is none."""
    language = locale.partition("-")[0].lower()
    fitting = [
        model
        for model in load_catalogue(path)
        if model.kind == "vosk" and model.default and model.language == language
    ]
    exact = [model for model in fitting if (model.locale or "").lower() == locale.lower()]
    return next(iter(exact or fitting), None)
