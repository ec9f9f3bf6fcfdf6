"""The sound devices of this machine, by number or by part of their name."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

from voice.errors import SetupError

Kind = Literal["microphone", "loudspeaker"]
ADVICE: Final[dict[Kind, str]] = {
    "microphone": "connect one, or give audio files, or type with `voice chat`",
    "loudspeaker": "connect one, or write the speech to a file with --out",
}
_NO_MESSAGE: Final = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)(lambda *_: None)


@dataclass(frozen=True, slots=True)
class Device:
    """One microphone or loudspeaker."""

    number: int  # as `--device` takes it, from 1
    name: str
    kind: Kind
    handle: Any  # what the sound library calls it by

    @property
    def key(self) -> bytes:
        """Return what stays the same when the device is taken out and plugged in again."""
        import miniaudio

        return bytes(miniaudio.ffi.buffer(self.handle))


def load_library(kind: Kind) -> Any:
    """Return the sound library; raises SetupError where there is none."""
    try:
        import miniaudio
    except (ImportError, OSError) as error:
        raise SetupError(f"no {kind} works here ({error}); {ADVICE[kind]}") from error
    if sys.platform == "linux":  # ALSA prints twenty lines where one error says it all
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_NO_MESSAGE)
    return miniaudio


def real_backends(library: Any) -> list[Any]:
    """Return the library's sound systems, without its stand-ins for machines that have none."""
    real = library.get_enabled_backends() - {library.Backend.NULL, library.Backend.CUSTOM}
    return sorted(real, key=lambda backend: int(backend.value))


def list_devices(kind: Kind) -> list[Device]:
    """Return the devices there are; empty where the machine has no sound at all."""
    library = load_library(kind)
    try:
        found = library.Devices(real_backends(library))
        rows = found.get_captures() if kind == "microphone" else found.get_playbacks()
    except library.MiniaudioError:
        return []
    return [Device(n, str(row["name"]), kind, row["id"]) for n, row in enumerate(rows, start=1)]


def find_device(kind: Kind, wanted: str | None, key: bytes | None = None) -> Device | None:
    """Return the device of that number or name part; None, the system's own choice, for None.

    `key` is the one it was before: it is taken again where it is. Raises SetupError when there is
    no such device, or none at all.
    """
    devices = list_devices(kind)
    if not devices:
        raise SetupError(f"no {kind} was found; {ADVICE[kind]}")
    if wanted is None:
        return None
    same = [device for device in devices if device.key == key]
    exact = [device for device in devices if wanted in (str(device.number), device.name)]
    named = [device for device in devices if wanted.casefold() in device.name.casefold()]
    found = same or exact or named
    if len(found) == 1:
        return found[0]
    names = "; ".join(f"{device.number}: {device.name}" for device in devices)
    if found:
        raise SetupError(f"more than one {kind} is called {wanted!r}; take a number of {names}")
    raise SetupError(f"no {kind} is called {wanted!r}; there are {names}")
