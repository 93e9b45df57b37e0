"""Which model knows which language, and what the vendor calls it.

Sources: the vendor's pages on its models and its Python SDK 4.2.0, read in November 2026.
"""

from __future__ import annotations

INK_2 = frozenset({"en"})
_INK_WHISPER_CODES = """
af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id is it ja
jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd si sk sl sn so sq
sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo yue zh
"""
INK_WHISPER = frozenset(_INK_WHISPER_CODES.split())

_OTHER_NAMES = {
    "nb": "no",
    "fil": "tl",
    "jv": "jw",
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "cmn": "zh",
}
"""Other names of the same languages in BCP 47."""

TAGS = tuple(sorted(INK_WHISPER - {"jw", "tl"}))
"""Tags that are the vendor's code, too."""
RENAMED = {"jv": "jw", "nb": "no", "fil": "tl"}
"""Tags with another code."""


def vendor_code(tag: str, known: frozenset[str]) -> str | None:
    """The vendor's code for a BCP 47 tag; it has none for regions and scripts. None where it does not know it."""
    primary = tag.replace("_", "-").partition("-")[0].lower()
    code = _OTHER_NAMES.get(primary, primary)
    return code if code in known else None
