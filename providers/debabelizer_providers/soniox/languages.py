"""Which languages Soniox knows, and what it calls them.

Source: the vendor's list of supported languages, read in November 2026. One model knows them all and mixes them freely.
"""

from __future__ import annotations

_CODES = """
af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr gl gu he hi hr hu id it ja kk kn ko lt lv mk ml mr ms nl no
pa pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur vi zh
"""
CODES = tuple(_CODES.split())
_OTHER_NAMES = {"nb": "no", "nn": "no", "fil": "tl", "iw": "he", "in": "id", "cmn": "zh"}
"""Other names of the same languages in BCP 47."""
_WITHOUT_SPACES = frozenset({"zh", "ja", "th"})


def vendor_code(tag: str) -> str | None:
    """The vendor's two letters for a BCP 47 tag, whatever script or region it names; None where it does not know the
    language."""
    primary = tag.replace("_", "-").partition("-")[0].lower()
    code = _OTHER_NAMES.get(primary, primary)
    return code if code in CODES else None


def spaceless(code: str) -> bool:
    """Whether it is written without spaces between words."""
    return code.partition("-")[0].lower() in _WITHOUT_SPACES
