"""How English words are said, in the phones of PocketSphinx's model (ARPAbet without stress)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

# eSpeak NG's IPA for en-us, to the phones of the CMU dictionary.
_PHONES: Final = {
    **{"i": "IY", "ɪ": "IH", "ᵻ": "IH", "eɪ": "EY", "e": "EH", "ɛ": "EH", "æ": "AE", "a": "AE"},
    **{"aɪ": "AY", "aʊ": "AW", "ɑ": "AA", "ɒ": "AA", "ɔ": "AO", "o": "AO", "ɔɪ": "OY"},
    **{"oʊ": "OW", "əʊ": "OW", "ʊ": "UH", "u": "UW", "ʌ": "AH", "ə": "AH", "ɐ": "AH"},
    **{"ɚ": "ER", "ɜ": "ER", "ɜɹ": "ER", "iə": "IY AH", "n̩": "AH N", "l̩": "AH L", "m̩": "AH M"},
    **{"p": "P", "b": "B", "t": "T", "d": "D", "k": "K", "ɡ": "G", "g": "G", "f": "F", "v": "V"},
    **{"θ": "TH", "ð": "DH", "s": "S", "z": "Z", "ʃ": "SH", "ʒ": "ZH", "h": "HH", "ç": "HH"},
    **{"tʃ": "CH", "dʒ": "JH", "m": "M", "n": "N", "ŋ": "NG", "ɲ": "N Y", "l": "L", "ɫ": "L"},
    **{"ɬ": "L", "ɹ": "R", "r": "R", "ɾ": "T", "ʔ": "T", "j": "Y", "ʲ": "Y", "w": "W", "x": "K"},
}
# Stress, length, joiners, and the marks around words of another language.
_SILENT: Final = re.compile(r"\([a-z-]+\)|[ˈˌː\u200d\s|_-]")
_SYMBOL: Final = re.compile("|".join(sorted(map(re.escape, _PHONES), key=len, reverse=True)))


def phones(ipa: str) -> str:
    """Return the phones of eSpeak NG's IPA, as "D IY K AH M P R EH S"; unknown symbols go."""
    return " ".join(_PHONES[symbol] for symbol in _SYMBOL.findall(_SILENT.sub("", ipa)))


def dictionary_lines(lines: Iterable[str], words: set[str]) -> dict[str, list[str]]:
    """Return the entries of a CMU dictionary for these words, each with all its pronunciations."""
    entries: dict[str, list[str]] = {}
    for line in lines:
        word, _, said = line.strip().partition(" ")
        word = word.partition("(")[0]
        if word in words and said:
            entries.setdefault(word, []).append(said)
    return entries


def format_entry(word: str, said: Sequence[str]) -> str:
    """Return the dictionary lines of one word: "word ...", "word(2) ..."."""
    names = (word, *(f"{word}({number})" for number in range(2, len(said) + 1)))
    return "".join(f"{name} {one}\n" for name, one in zip(names, said, strict=True))
