"""Voice platforms, one module or package each: those that call webhooks, and those that connect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from voice.platforms.protocol import Platform, PlatformContext, PlatformListener
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


@dataclass(frozen=True, slots=True)
class Listener:
    """How one platform that connects is set up: `module` has `create(Settings)`."""

    module: str
    setting: str  # names the address; without it the platform is off

    def create(self, settings: Settings) -> PlatformListener:
        """Return the listener, which has taken its address."""
        factory: Callable[[Settings], PlatformListener] = import_module(self.module).create
        return factory(settings)


# One line per platform; POST /hook/<name> goes to it.
HOOKS: Final[Mapping[str, Hook]] = {}
# One line per platform that connects to an address of its own, for as long as it likes.
LISTENERS: Final[Mapping[str, Listener]] = {
    "wyoming": Listener("voice.platforms.wyoming", "wyoming_uri"),
}


def take_addresses(settings: Settings) -> list[PlatformListener]:
    """Return a listener for each address that the owner has set.

    Raises InputError for what is none and SetupError when one cannot be had.
    """
    return [
        listener.create(settings)
        for listener in LISTENERS.values()
        if getattr(settings, listener.setting)
    ]
