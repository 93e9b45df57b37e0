"""Whisper's languages, between its own codes and BCP 47."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from debabelizer.contract import Language

_NAMED = (
    "af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id "
    "is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd "
    "si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo yue zh"
)
_CODES = tuple(_NAMED.split())

_TAGS = {"jw": "jv"}
"""Where Whisper's code is not the tag."""
_ALIASES = {"nb": "no", "fil": "tl", "iw": "he", "in": "id", "ji": "yi", "cmn": "zh", "jv": "jw"}

UNSPACED = frozenset({"zh", "ja", "th", "lo", "my", "yue"})
"""Written without spaces between words."""

LANGUAGES = tuple(
    Language(_TAGS.get(code, code), code if code in _TAGS else None)
    for code in sorted(_CODES, key=lambda c: _TAGS.get(c, c))
)


def code_of(tag: str) -> str | None:
    """Whisper's code for a BCP 47 tag (``pt-BR`` is ``pt``); None: it has none."""
    primary = tag.replace("_", "-").split("-", maxsplit=1)[0].lower()
    code = _ALIASES.get(primary, primary)
    return code if code in _CODES else None


def tag_of(code: str) -> str:
    return _TAGS.get(code, code)


class LanguageChoice:
    """The language of one utterance, among ``allowed`` codes (none: all). It is weighed anew with each pass until
    it is beyond doubt, then kept: text must not change its language while it is being shown."""

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        self._allowed = tuple(allowed)
        self.settled: str | None = allowed[0] if len(allowed) == 1 else None

    def weigh(self, probabilities: Mapping[str, float], voiced_s: float) -> str:
        """``probabilities`` by code; ``voiced_s``: seconds of speech they are based on."""
        if self.settled is not None:
            return self.settled
        among = {c: probabilities.get(c, 0.0) for c in self._allowed} if self._allowed else dict(probabilities)
        best = max(among, key=lambda code: among[code])
        total = sum(among.values())
        share = among[best] / total if total > 0 else 0.0
        if (share >= 0.8 and voiced_s >= 1.0) or voiced_s >= 6.0:
            self.settled = best
        return best
