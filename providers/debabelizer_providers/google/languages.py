"""What Google calls a language: its codes name a region, and some a script.

Sources: the vendor's tables of supported languages of versions 1 and 2, as of November 2026. Which model knows which
of them in which region changes often and differs by region; the vendor's refusal says so.
"""

from __future__ import annotations

_CODES = """
af-ZA am-ET ar-AE ar-BH ar-DZ ar-EG ar-IL ar-IQ ar-JO ar-KW ar-LB ar-MA ar-MR ar-OM ar-PS ar-QA ar-SA ar-TN ar-YE as-IN
ast-ES az-AZ be-BY bg-BG bn-BD bn-IN bs-BA ca-ES ceb-PH ckb-IQ cmn-Hans-CN cmn-Hant-TW cs-CZ cy-GB da-DK de-AT de-CH
de-DE el-GR en-AU en-CA en-GB en-GH en-HK en-IE en-IN en-KE en-NG en-NZ en-PH en-PK en-SG en-TZ en-US en-ZA es-419 es-AR
es-BO es-CL es-CO es-CR es-DO es-EC es-ES es-GT es-HN es-MX es-NI es-PA es-PE es-PR es-PY es-SV es-US es-UY es-VE et-EE
eu-ES fa-IR ff-SN fi-FI fil-PH fr-BE fr-CA fr-CH fr-FR ga-IE gl-ES gu-IN ha-NG hi-IN hr-HR hu-HU hy-AM id-ID ig-NG is-IS
it-CH it-IT iw-IL ja-JP jv-ID ka-GE kam-KE kea-CV kk-KZ km-KH kn-IN ko-KR ky-KG lb-LU lg-UG ln-CD lo-LA lt-LT luo-KE
lv-LV mi-NZ mk-MK ml-IN mn-MN mr-IN ms-MY mt-MT my-MM ne-NP nl-BE nl-NL no-NO nso-ZA ny-MW oc-FR om-ET or-IN pa-Guru-IN
pl-PL ps-AF pt-BR pt-PT ro-RO ru-RU rup-BG rw-RW sd-IN si-LK sk-SK sl-SI sn-ZW so-SO sq-AL sr-RS ss-Latn-ZA st-ZA su-ID
sv-SE sw-KE sw-TZ ta-IN ta-LK ta-MY ta-SG te-IN tg-TJ th-TH tn-Latn-ZA tr-TR ts-ZA uk-UA umb-AO ur-IN ur-PK uz-UZ ve-ZA
vi-VN wo-SN xh-ZA yo-NG yue-Hant-HK zu-ZA
"""
CODES = tuple(_CODES.split())

_USUAL = {
    "ar": "ar-EG", "bn": "bn-BD", "de": "de-DE", "en": "en-US", "es": "es-ES", "fr": "fr-FR", "it": "it-IT",
    "nl": "nl-NL", "pt": "pt-BR", "sw": "sw-KE", "ta": "ta-IN", "ur": "ur-PK", "cmn": "cmn-Hans-CN",
}  # fmt: skip
"""Where a language has several regions and the user names none."""
_OTHER_NAMES = {"he": "iw", "nb": "no", "nn": "no", "tl": "fil", "in": "id", "zh": "cmn", "jw": "jv", "ku": "ckb"}
_CHINESE = {"tw": "cmn-Hant-TW", "hant": "cmn-Hant-TW", "hk": "yue-Hant-HK", "mo": "yue-Hant-HK"}
_WITHOUT_SPACES = frozenset({"cmn", "zh", "yue", "ja", "th", "lo", "km", "my"})

_BY_LOWER = {code.lower(): code for code in CODES}
PRIMARY: dict[str, str] = {}
"""Primary subtag to the code that stands for it."""
for _code in CODES:
    PRIMARY.setdefault(_code.partition("-")[0], _code)
PRIMARY |= _USUAL


def vendor_code(tag: str) -> str | None:
    """The vendor's code for a BCP 47 tag: of its region where the vendor knows that, else of the usual one. None where
    it does not know the language."""
    parts = tag.replace("_", "-").lower().split("-")
    primary = _OTHER_NAMES.get(parts[0], parts[0])
    if parts[0] == "zh":
        special = next((_CHINESE[more] for more in parts[1:] if more in _CHINESE), None)
        if special:
            return special
    exact = _BY_LOWER.get("-".join([primary, *parts[1:]]))
    if exact:
        return exact
    for more in parts[1:]:
        for code in CODES:
            known = code.lower().split("-")
            if known[0] == primary and more in known[1:]:
                return code
    return PRIMARY.get(primary)


def tag_of(code: str) -> str | None:
    """BCP 47 for what the vendor reports, which is lower case at times (``en-us``)."""
    code = code.strip()
    if not code:
        return None
    known = _BY_LOWER.get(code.lower(), code)
    primary, dash, rest = known.partition("-")
    if primary == "iw":
        return f"he{dash}{rest}"
    return f"zh{dash}{rest}" if primary == "cmn" else known


def spaceless(code: str) -> bool:
    """Whether its segments join without a space."""
    return code.partition("-")[0].lower() in _WITHOUT_SPACES
