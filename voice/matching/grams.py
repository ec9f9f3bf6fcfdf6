"""Character n-grams of many texts at once, as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Owners = NDArray[np.int32]

_SIZES: Final = (3, 4, 5)  # of the n-grams in characters, besides the pairs
_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)  # odd; products wrap at 64 bits
_SPACE: Final = ord(" ")


def grams(texts: Sequence[str]) -> tuple[Hashes, Owners]:
    """Return a hash of every 2- to 5-gram of every text, and the number of its text.

    The n-grams lie within words, one space on each side included ("char_wb"), so that the order
    of words does not count. Texts are normalized: words with single spaces between them.
    """
    padded = [f" {text} " for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32)
    chars = codes.astype(np.uint64)
    owners = np.repeat(
        np.arange(len(padded), dtype=np.int32), np.fromiter(map(len, padded), np.int64, len(padded))
    )
    space = codes == _SPACE
    hashes = chars[:-1] * _MULTIPLIER + chars[1:]
    inside = ~(space[:-1] & space[1:])  # whether no space is in the middle
    found, found_owners = [hashes[inside]], [owners[:-1][inside]]
    for size in _SIZES:
        hashes = hashes[:-1] * _MULTIPLIER + chars[size - 1 :]
        inside = inside[:-1] & ~space[size - 2 : -1]
        found.append(hashes[inside])
        found_owners.append(owners[: len(hashes)][inside])
    return np.concatenate(found), np.concatenate(found_owners)
