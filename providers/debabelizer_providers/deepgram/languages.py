"""Which model knows which language, and what the vendor calls it.

Sources: the vendor's models page and its changelogs up to September 2026.
"""

from __future__ import annotations

import msgspec

_NOVA_3_CODES = """
af be bg bn bs ca cs da da-DK de de-CH el en en-AU en-GB en-IN en-NZ en-US es es-419 et fa fi fr fr-CA he hi hr hu hy id
it ja ka kk kk-KZ kn ko ko-KR lt lv mk mr ms ne nl nl-BE no pa pl pt pt-BR pt-PT ro ru sk sl sr sv sv-SE ta te th th-TH
tl tr uk ur vi zh zh-CN zh-HK zh-Hans zh-Hant zh-TW
"""
_NOVA_2_CODES = """
bg ca cs da da-DK de de-CH el en en-AU en-GB en-IN en-NZ en-US es es-419 et fi fr fr-CA hi hu id it ja ko ko-KR lt lv ms
nl nl-BE no pl pt pt-BR pt-PT ro ru sk sv sv-SE th th-TH tr uk vi zh zh-CN zh-HK zh-Hans zh-Hant zh-TW
"""
_NOVA_3 = frozenset(_NOVA_3_CODES.split())
_NOVA_2 = frozenset(_NOVA_2_CODES.split())
_TEN = frozenset({"de", "en", "es", "fr", "hi", "it", "ja", "nl", "pt", "ru"})
_ENGLISH = frozenset({"en", "en-AU", "en-GB", "en-IN", "en-NZ", "en-US"})

_OTHER_NAMES = {"nb": "no", "nn": "no", "fil": "tl", "iw": "he", "in": "id", "cmn": "zh", "yue": "zh-HK"}
"""Other names of the same languages in BCP 47."""
_WITHOUT_SPACES = frozenset({"zh", "ja", "th", "yue"})


class Talents(msgspec.Struct, frozen=True):
    """What a model can do. ``mixed``: the languages it tells apart by itself; ``terms``: the query parameter that
    takes a word list."""

    languages: frozenset[str]
    mixed: frozenset[str] = frozenset()
    terms: str = "keyterm"
    flux: bool = False


TALENTS = {
    "nova-3": Talents(_NOVA_3, _TEN),
    "nova-3-medical": Talents(_ENGLISH),
    "nova-2": Talents(_NOVA_2, frozenset({"en", "es"}), terms="keywords"),
    "flux-general-en": Talents(_ENGLISH, flux=True),
    "flux-general-multi": Talents(_TEN, _TEN, flux=True),
}
OTHER_MODEL = Talents(_NOVA_3 | _NOVA_2, _TEN)
"""For a model that is not in the table: let the vendor judge."""

PRIMARY_TAGS = tuple(sorted({code.partition("-")[0] for code in _NOVA_3}))


def vendor_code(tag: str, known: frozenset[str]) -> str | None:
    """The vendor's code for a BCP 47 tag: with its script or region where the model knows that, else without. None
    where it does not know the language."""
    parts = tag.replace("_", "-").split("-")
    primary = parts[0].lower()
    for more in parts[1:]:
        written = more.upper() if len(more) == 2 else more.capitalize()
        if f"{primary}-{written}" in known:
            return f"{primary}-{written}"
    code = _OTHER_NAMES.get(primary, primary)
    return code if code in known else None


def spaceless(code: str) -> bool:
    """Whether its segments join without a space."""
    return code.partition("-")[0].lower() in _WITHOUT_SPACES
