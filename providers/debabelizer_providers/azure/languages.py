"""The locales Azure recognises, and which of them a BCP 47 tag means.

Source: the vendor's page "Language and voice support for the Speech service", table "Speech to text", 2026.
"""

from __future__ import annotations

_LOCALES = """
af-ZA am-ET ar-EG ar-AE ar-BH ar-DZ ar-IL ar-IQ ar-JO ar-KW ar-LB ar-LY ar-MA ar-OM ar-PS ar-QA ar-SA ar-SY ar-TN ar-YE
as-IN az-AZ bg-BG bn-IN bs-BA ca-ES cs-CZ cy-GB da-DK de-DE de-AT de-CH el-GR en-US en-AU en-CA en-GB en-GH en-HK en-IE
en-IN en-KE en-NG en-NZ en-PH en-SG en-TZ en-ZA es-ES es-AR es-BO es-CL es-CO es-CR es-CU es-DO es-EC es-GQ es-GT es-HN
es-MX es-NI es-PA es-PE es-PR es-PY es-SV es-US es-UY es-VE et-EE eu-ES fa-IR fi-FI fil-PH fr-FR fr-BE fr-CA fr-CH ga-IE
gl-ES gu-IN he-IL hi-IN hr-HR hu-HU hy-AM id-ID is-IS it-IT it-CH ja-JP jv-ID ka-GE kk-KZ km-KH kn-IN ko-KR lo-LA lt-LT
lv-LV mk-MK ml-IN mn-MN mr-IN ms-MY mt-MT my-MM nb-NO ne-NP nl-NL nl-BE or-IN pa-IN pl-PL ps-AF pt-BR pt-PT ro-RO ru-RU
si-LK sk-SK sl-SI so-SO sq-AL sr-RS sv-SE sw-KE sw-TZ ta-IN te-IN th-TH tr-TR uk-UA ur-IN uz-UZ vi-VN wuu-CN yue-CN
zh-CN zh-HK zh-TW zu-ZA
"""
LOCALES = tuple(_LOCALES.split())
"""The first of each language is what its bare tag means."""

_KNOWN = {locale.lower(): locale for locale in LOCALES}
_FIRST: dict[str, str] = {}
for _locale in LOCALES:
    _FIRST.setdefault(_locale.partition("-")[0], _locale)

_OTHER_NAMES = {
    "no": "nb", "nn": "nb", "tl": "fil", "iw": "he", "in": "id", "cmn": "zh", "zh-hant": "zh-TW", "zh-hans": "zh-CN",
    "es-419": "es-MX",
}  # fmt: skip
"""Other names of the same languages in BCP 47, and scripts and regions that stand for a locale."""
_WITHOUT_SPACES = frozenset({"zh", "ja", "th", "yue", "wuu", "lo", "km", "my"})

PRIMARY_TAGS = tuple(sorted(_FIRST))


def locale_of(tag: str) -> str | None:
    """The vendor's locale for a BCP 47 tag: its region's where the vendor has that, else the language's first. None
    where it does not know the language."""
    parts = tag.replace("_", "-").lower().split("-")
    primary = _OTHER_NAMES.get(parts[0], parts[0])
    region = next((part for part in parts[1:] if len(part) == 2), "")
    script = _OTHER_NAMES.get("-".join(parts[:2]), "")
    names = ("-".join(parts), f"{primary}-{region}", script)
    return next((_KNOWN[name.lower()] for name in names if name.lower() in _KNOWN), _FIRST.get(primary))


def spaceless(locale: str) -> bool:
    """Whether its segments join without a space."""
    return locale.partition("-")[0].lower() in _WITHOUT_SPACES
