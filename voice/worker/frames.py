"""How parent and child talk: two lengths, a JSON header, raw bytes. Nothing is unpickled."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import IO, Any, Final

MAX_HEADER_BYTES: Final = 4 << 20
MAX_PAYLOAD_BYTES: Final = 256 << 20
_LENGTHS: Final = struct.Struct(">IQ")

Frame = tuple[dict[str, Any], bytes]


def write_frame(pipe: IO[bytes], header: Mapping[str, Any], payload: bytes) -> None:
    """Write one frame and flush it."""
    head = json.dumps(header).encode()
    pipe.write(_LENGTHS.pack(len(head), len(payload)) + head)
    pipe.write(payload)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> Frame:
    """Read one frame; raises EOFError at the end and ValueError on nonsense."""
    head_bytes, payload_bytes = _LENGTHS.unpack(_read_exactly(pipe, _LENGTHS.size))
    if head_bytes > MAX_HEADER_BYTES or payload_bytes > MAX_PAYLOAD_BYTES:
        raise ValueError("a frame is larger than any call needs")
    head = json.loads(_read_exactly(pipe, head_bytes))
    return head, _read_exactly(pipe, payload_bytes)


def _read_exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError
    return data
