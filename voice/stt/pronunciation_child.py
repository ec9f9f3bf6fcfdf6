"""The child that asks eSpeak NG how words are said; eSpeak NG is GPL, so it has its own process."""

from __future__ import annotations

import ctypes
import json
from typing import Any, Final

from voice.errors import EngineError
from voice.worker.child import Service
from voice.worker.frames import Frame

_SYNCHRONOUS: Final = 2  # audio output: none is made
_DONT_EXIT: Final = 0x8000  # report errors, do not end the process
_UTF8: Final = 1
_IPA: Final = 2


def open_service() -> Service:
    """Load eSpeak NG's library and return the service."""
    import espeakng_loader

    library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
    data = str(espeakng_loader.get_data_path()).encode()
    if library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT) < 0:
        raise EngineError("eSpeak NG cannot read its data")
    library.espeak_SetVoiceByName(b"en-us")
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p

    def say(text: str) -> str:
        rest = ctypes.c_char_p(text.encode())
        found: bytes | None = library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA)
        return (found or b"").decode(errors="replace")

    def service(method: str, arguments: dict[str, Any], payload: bytes) -> Frame:
        return {}, json.dumps([say(text) for text in json.loads(payload)]).encode()

    return service
