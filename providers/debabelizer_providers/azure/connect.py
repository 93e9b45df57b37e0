"""From options to an address and to what is said at the start of each turn: the checked plan of one connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from debabelizer.contract import (
    AudioForm,
    CommitMode,
    HttpRequest,
    Preflight,
    StreamOptions,
    WebSocketOpening,
)
from debabelizer.errors import ConfigurationError, UnsupportedLanguageError
from debabelizer_providers._cloud.options import Chosen
from debabelizer_providers.azure.address import Address, of_address, of_region
from debabelizer_providers.azure.description import (
    DESCRIPTION,
    MOST_LANGUAGES,
    MOST_LANGUAGES_AT_START,
    NAME,
    WORD_LIST,
)
from debabelizer_providers.azure.languages import locale_of, spaceless
from debabelizer_providers.azure.trouble import garbage, http_error, refused

_CHOSEN = Chosen(DESCRIPTION, "Azure")
setting = _CHOSEN.setting
api_key = _CHOSEN.api_key
_SILENCE_MS = (100, 5000)
"""Bounds of the silence that ends a segment."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All that a connection needs to know, checked. ``context``: what ``speech.context`` says at each turn."""

    address: Address
    key: str
    by_token: bool
    form: AudioForm
    mode: str
    universal: bool
    locales: tuple[str, ...]
    """One, several to tell apart, or none where a custom model knows."""
    diarize: bool
    replay_speed: float
    query: tuple[tuple[str, str], ...]
    context: Mapping[str, Any]
    notices: tuple[str, ...]

    def __repr__(self) -> str:  # the key must not reach a log
        return f"Plan({self.address.host}, {self.mode})"

    @property
    def url(self) -> str:
        """Of the WebSocket."""
        where = self.address.stream(self.mode, universal=self.universal)
        return f"{where}?{urlencode(self.query, quote_via=quote)}"

    @property
    def locale(self) -> str | None:
        return self.locales[0] if len(self.locales) == 1 else None

    @property
    def spaceless(self) -> bool:
        return self.locale is not None and spaceless(self.locale)


def plan(options: StreamOptions) -> Plan:
    """Raises ConfigurationError, UnsupportedLanguageError."""
    mode = str(setting(options, "model"))
    if mode not in ("conversation", "dictation"):
        raise ConfigurationError(f"Azure has no model called “{mode}”.", NAME)
    locales, at_start, told = _languages(options)
    phrases, cut = terms(options)
    diarize = bool(setting(options, "diarize"))
    interface = str(setting(options, "interface"))
    return Plan(
        address=address(options),
        key=api_key(options),
        by_token=bool(setting(options, "short_lived_token")),
        form=_CHOSEN.form(options),
        mode=mode,
        universal=interface == "universal" or (interface != "classic" and (diarize or len(locales) > 1)),
        locales=locales,
        diarize=diarize,
        replay_speed=float(setting(options, "replay_speed")),
        query=_query(options, locales),
        context=_context(options, mode, locales, at_start, phrases),
        notices=(*told, *cut),
    )


def opening(plan: Plan, connection_id: str, first: tuple[str, ...]) -> WebSocketOpening | Preflight:
    """With a token in place of the key where that was chosen: the key then stays out of the handshake."""

    def with_(authorization: Mapping[str, str]) -> WebSocketOpening:
        headers = {**authorization, "X-ConnectionId": connection_id}
        return WebSocketOpening(url=plan.url, headers=headers, first=first, refused=refused)

    if not plan.by_token:
        return with_(key_header(plan.key))

    def then(status: int, body: bytes) -> WebSocketOpening:
        return with_({"Authorization": f"Bearer {token(status, body)}"})

    request = HttpRequest(method="POST", url=plan.address.token, headers=key_header(plan.key))
    return Preflight(request=request, then=then)


def key_header(key: str) -> dict[str, str]:
    return {"Ocp-Apim-Subscription-Key": key}


def token(status: int, body: bytes) -> str:
    """The token, which is the whole answer to its request. Raises ProviderError."""
    if status != 200:
        raise http_error(status, body)
    value = body.decode("ascii", "replace").strip()
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise garbage("a token with strange characters")
    return value


def address(options: StreamOptions) -> Address:
    """Raises ConfigurationError."""
    own = str(setting(options, "base_url")).strip()
    return of_address(own) if own else of_region(str(setting(options, "region")).strip())


def terms(options: StreamOptions) -> tuple[list[str], tuple[str, ...]]:
    """The word list as far as Azure takes it, and what the user should know of the rest."""
    if not setting(options, "vocabulary"):
        return [], ()
    fitted = WORD_LIST.fit(options.vocabulary)
    return list(fitted.terms), fitted.notices(DESCRIPTION.title)


def locales_of(tags: tuple[str, ...]) -> list[str]:
    """One locale for each language. Raises UnsupportedLanguageError."""
    found: dict[str, str] = {}
    for tag in tags:
        locale = locale_of(tag)
        if locale is None:
            raise UnsupportedLanguageError(f"Azure does not recognise the language “{tag}”.", NAME)
        found.setdefault(locale.partition("-")[0], locale)  # two accents of one language: the first is as good as any
    return list(found.values())


def _languages(options: StreamOptions) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    """The locales, whether they are told apart at the start only, and what to tell the user."""
    if str(setting(options, "custom_model")).strip():
        return tuple(locales_of(options.languages[:1])), False, ()
    locales = locales_of(options.languages or tuple(str(tag) for tag in setting(options, "candidates")))
    if not locales:
        raise ConfigurationError("Azure needs a language, or languages to choose from.", NAME)
    at_start = setting(options, "identification") == "start"
    if len(locales) > MOST_LANGUAGES:
        return tuple(locales[:MOST_LANGUAGES]), False, ()  # the front ends tell it, from the description
    if at_start and len(locales) > MOST_LANGUAGES_AT_START:
        told = f"Azure tells more than {MOST_LANGUAGES_AT_START} languages apart only all the time, and does so."
        return tuple(locales), False, (told,)
    return tuple(locales), at_start, ()


def _query(options: StreamOptions, locales: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    custom = str(setting(options, "custom_model")).strip()
    query = [("cid", custom)] if custom else [("language", locales[0])]
    query += [("format", "detailed"), ("wordLevelTimestamps", "true"), ("wordLevelConfidence", "true")]
    query.append(("profanity", str(setting(options, "profanity"))))
    if len(locales) > 1:
        query.append(("lidEnabled", "true"))
    if (punctuation := str(setting(options, "punctuation"))) != "auto":
        query.append(("punctuation", punctuation))
    if setting(options, "true_text"):
        query.append(("postprocessing", "TrueText"))
    if stable := int(setting(options, "stable_partials")):
        query.append(("stableIntermediateThreshold", str(stable)))
    return tuple(query + [("storeAudio", "true")] * bool(setting(options, "logging")))


def _context(
    options: StreamOptions, mode: str, locales: tuple[str, ...], at_start: bool, phrases: list[str]
) -> dict[str, Any]:
    detection: dict[str, Any] = {
        "mode": mode.capitalize(),
        mode: {"segmentation": _segmentation(options)},
        "enrichment": _enrichment(options, mode),
    }
    output: dict[str, Any] = {
        "format": "Detailed",
        "detailed": {"options": ["WordTimings", "WordConfidence"]},
        "interimResults": {"resultType": "Auto" if setting(options, "interim_results") else "None"},
    }
    if stable := int(setting(options, "stable_partials")):
        output["interimResults"]["stableThreshold"] = stable
    context: dict[str, Any] = {"phraseDetection": detection, "phraseOutput": output}
    if len(locales) > 1:
        context["languageId"] = {
            "languages": list(locales),
            "mode": "DetectAtAudioStart" if at_start else "DetectContinuous",
            "onSuccess": {"action": "Recognize"},
            "onUnknown": {"action": "None"},
            "priority": "PrioritizeLatency",
        }
        detection |= {"onSuccess": {"action": "None"}, "onInterim": {"action": "None"}}
        output["phraseResults"] = {"resultType": "Always"}
    elif locales:
        detection["language"] = locales[0]
    if phrases:
        group = {"type": "Generic", "items": [{"text": phrase} for phrase in phrases]}
        context["dgi"] = {"groups": [group], "bias": float(setting(options, "vocabulary_weight"))}
    return context


def _segmentation(options: StreamOptions) -> dict[str, Any]:
    pause = options.commit is CommitMode.PAUSE
    by_pause = pause or bool(setting(options, "endpointing"))
    if by_pause and setting(options, "segmentation") == "semantic":
        return {"mode": "Semantic"}
    least, most = _SILENCE_MS
    silence_ms = round(options.pause_s * 1000) if by_pause else most
    return {"mode": "Custom", "segmentationSilenceTimeoutMs": min(max(silence_ms, least), most)}


def _enrichment(options: StreamOptions, mode: str) -> dict[str, Any]:
    of_mode: dict[str, str] = {}
    if setting(options, "true_text"):
        of_mode |= {"punctuationMode": "Implicit", "disfluencyMode": "Removed"}
    if (punctuation := str(setting(options, "punctuation"))) != "auto":
        of_mode["punctuationMode"] = punctuation.capitalize()
    profanity = str(setting(options, "profanity")).capitalize()
    return {"profanity": profanity, mode: of_mode} if of_mode else {"profanity": profanity}
