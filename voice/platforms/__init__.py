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
    needs: tuple[str, ...] = ()  # each of these, too

    def is_set(self, settings: Settings) -> bool:
        """Return whether the owner has set what this platform is known by and works with."""
        return not self.missing(settings)

    def missing(self, settings: Settings) -> str:
        """Return what is yet to be set, by the names of the variables; "" for nothing."""
        groups = [self.settings, *((name,) for name in self.needs)]
        missing = [names for names in groups if not any(getattr(settings, n) for n in names)]
        return " and ".join(
            " or ".join(f"VOICE_{name.upper()}" for name in names) for names in missing
        )

    def create(self, context: PlatformContext) -> Platform[Any]:
        """Return the adapter."""
        factory: Callable[[PlatformContext], Platform[Any]] = import_module(self.module).create
        return factory(context)


# One line per platform; POST /hook/<name> goes to it.
HOOKS: Final[Mapping[str, Hook]] = {
    "dialogflow": Hook("voice.platforms.dialogflow", ("dialogflow_token", "dialogflow_basic")),
    "twilio": Hook("voice.platforms.twilio", ("twilio_auth_token",), needs=("public_url",)),
}
