"""The sound devices of this machine, by number or by part of their name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from voice.errors import SetupError

Kind = Literal["microphone", "loudspeaker"]


@dataclass(frozen=True, slots=True)
class Device:
    """One microphone or loudspeaker."""

    number: int  # as `--device` takes it, from 1
    name: str
    kind: Kind
    handle: Any  # what the sound library calls it by


def list_devices(kind: Kind) -> list[Device]:
    """Return the devices there are; empty where the machine has no sound at all."""
    import miniaudio

    try:
        found = miniaudio.Devices()
        rows = found.get_captures() if kind == "microphone" else found.get_playbacks()
    except miniaudio.MiniaudioError:
        return []
    if found.backend.lower() == "null":  # the library's stand-in where there is no sound
        return []
    return [Device(n, str(row["name"]), kind, row["id"]) for n, row in enumerate(rows, start=1)]


def find_device(kind: Kind, wanted: str | None) -> Device | None:
    """Return the device of that number or name part; None, the system's own choice, for None.

    Raises SetupError when there is no such device, or none at all.
    """
    devices = list_devices(kind)
    if not devices:
        raise SetupError(_none_at_all(kind))
    if wanted is None:
        return None
    fitting = [
        device
        for device in devices
        if wanted == str(device.number) or wanted.casefold() in device.name.casefold()
    ]
    exact = [device for device in fitting if wanted in (str(device.number), device.name)]
    if len(exact or fitting) == 1:
        return (exact or fitting)[0]
    names = "; ".join(f"{device.number}: {device.name}" for device in devices)
    how_many = "more than one" if fitting else "no"
    raise SetupError(f"{how_many} {kind} is called {wanted!r}; there are {names}")


def _none_at_all(kind: Kind) -> str:
    instead = {
        "microphone": "plug one in, or give audio files, or type with `voice chat`",
        "loudspeaker": "plug one in, or write the sound with --out FILE",
    }
    return f"this machine has no {kind}; {instead[kind]}"
