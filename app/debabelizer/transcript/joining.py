"""What stands between two segments: a space, or nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from debabelizer.events import Joining

# Scripts that put no space between words (Unicode blocks, first and last code point). Hangul is written with spaces.
_SPACELESS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x0F00, 0x0FFF),  # Tibetan
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1980, 0x19FF),  # New Tai Lue, Khmer symbols
    (0x2E80, 0x312F),  # CJK radicals and punctuation, Hiragana, Katakana, Bopomofo
    (0x31A0, 0x4DBF),  # Bopomofo extended, strokes, Katakana extended, CJK extension A
    (0x4E00, 0xA4CF),  # CJK ideographs, Yi
    (0xA9E0, 0xA9FF),  # Myanmar extended
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF),  # CJK compatibility ideographs
    (0xFE30, 0xFE4F),  # CJK compatibility forms
    (0xFF01, 0xFF9F),  # full-width forms, half-width Katakana
    (0x1AFF0, 0x1B16F),  # Kana supplements
    (0x20000, 0x3FFFF),  # CJK extensions B and later
)
_CLOSES = frozenset(".,;:!?%…‰°'’")
_OPENS = frozenset("¿¡")
_WIDE = frozenset({"W", "F"})


def separator(previous: str, following: str, joining: Joining) -> str:
    """What goes between a text ending in the character ``previous`` and one starting with ``following``.

    Either may be empty: at the edges of a transcript nothing is put.
    """
    if joining is Joining.VERBATIM or not previous or not following:
        return ""
    return " " if _spaced(previous, following) else ""


def joined(parts: Iterable[tuple[str, Joining]]) -> str:
    """One text of several, each with how it joins the one before it."""
    pieces: list[str] = []
    last = ""
    for text, joining in parts:
        if text:
            pieces.append(separator(last, text[0], joining) + text)
            last = text[-1]
    return "".join(pieces)


@lru_cache(maxsize=4096)
def _spaced(previous: str, following: str) -> bool:
    if previous.isspace() or following.isspace():
        return False
    if _closes(following) or _opens(previous):
        return False
    if _wide_punctuation(previous) or _wide_punctuation(following):
        return False
    return not (_spaceless(previous) and _spaceless(following))


def _closes(character: str) -> bool:
    return character in _CLOSES or unicodedata.category(character) in ("Pe", "Pf")


def _opens(character: str) -> bool:
    return character in _OPENS or unicodedata.category(character) in ("Ps", "Pi")


def _wide_punctuation(character: str) -> bool:
    """Full-width punctuation carries its own space."""
    return unicodedata.category(character).startswith("P") and unicodedata.east_asian_width(character) in _WIDE


def _spaceless(character: str) -> bool:
    code = ord(character)
    return code >= 0x0E00 and any(first <= code <= last for first, last in _SPACELESS)
