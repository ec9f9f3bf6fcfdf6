"""Voice platforms that call webhooks, one module or package each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from voice.platforms.protocol import Platform, PlatformContext
from voice.settings import Settings


@dataclass(frozen=True, slots=True)
class Hook:
    """How one platform is set up: `module` has `create(PlatformContext) -> Platform`."""

    module: str
    settings: tuple[str, ...]  # one of these must be set, or the platform is off

    def is_set(self, settings: Settings) -> bool:
        """Return whether the owner has set the secret that this platform is known by."""
        return any(getattr(settings, name) for name in self.settings)

    def create(self, context: PlatformContext) -> Platform[Any]:
        """Return the adapter."""
        factory: Callable[[PlatformContext], Platform[Any]] = import_module(self.module).create
        return factory(context)


# One line per platform; POST /hook/<name> goes to it.
HOOKS: Final[Mapping[str, Hook]] = {
    "alexa": Hook("voice.platforms.alexa", ("alexa_skill_ids",)),
}
