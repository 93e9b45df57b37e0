"""From options to an address: the checked plan of one connection."""

from __future__ import annotations

import re
from math import ceil
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import msgspec

from debabelizer.contract import (
    AudioForm,
    CommitMode,
    Encoding,
    HttpRequest,
    Preflight,
    StreamOptions,
    WebSocketOpening,
    WordList,
)
from debabelizer.errors import UnsupportedLanguageError
from debabelizer_providers._cloud.options import Chosen
from debabelizer_providers.deepgram.description import DESCRIPTION, MOST_TERMS, MOST_TOKENS, NAME, REGIONS
from debabelizer_providers.deepgram.languages import OTHER_MODEL, TALENTS, Talents, spaceless, vendor_code
from debabelizer_providers.deepgram.trouble import garbage, http_error, refused

_CHOSEN = Chosen(DESCRIPTION, "Deepgram")
setting = _CHOSEN.setting
api_key = _CHOSEN.api_key
_TOKEN_S = 30
_LEAST_UTTERANCE_END_MS = 1000
_TURN_TIMEOUT_S = (0.5, 10.0)
_WORD_LIST = WordList(terms=MOST_TERMS, total=MOST_TOKENS)
_WEIGHT = re.compile(r":-?\d+(\.\d+)?$")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All that a connection needs to know, checked. ``query`` keeps the order; lists are repeated keys."""

    base_url: str
    key: str
    by_token: bool
    model: str
    flux: bool
    form: AudioForm
    language: str
    """The vendor's code, ``multi``, or nothing where the model knows one only."""
    turn_timeout_ms: int
    """Of Flux: silence that ends a turn."""
    replay_speed: float
    query: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]

    def __repr__(self) -> str:  # the key must not reach a log
        return f"Plan({self.base_url}, {self.model})"

    @property
    def url(self) -> str:
        """Of the WebSocket."""
        parts = urlsplit(self.base_url)
        scheme = "wss" if parts.scheme == "https" else "ws"
        path = parts.path + ("/v2/listen" if self.flux else "/v1/listen")
        return urlunsplit((scheme, parts.netloc, path, urlencode(self.query, quote_via=quote), ""))

    @property
    def spaceless(self) -> bool:
        return spaceless(self.language)


def plan(options: StreamOptions) -> Plan:
    """Raises ConfigurationError, UnsupportedLanguageError."""
    model = str(setting(options, "other_model")).strip() or str(setting(options, "model"))
    talents = TALENTS.get(model, OTHER_MODEL)
    flux = talents.flux or model.startswith("flux-")
    form = _CHOSEN.form(options)
    chosen = codes(options.languages, talents, model)
    language = chosen[0] if len(chosen) == 1 else "multi" if talents.mixed else ""
    fitting, notices = terms(options, talents)
    timeout_ms, odd_pause = _turn_timeout(options)
    query = [
        ("model", model),
        ("encoding", "mulaw" if form.encoding is Encoding.MULAW else "linear16"),
        ("sample_rate", str(form.rate)),
        *(_flux_only(options, chosen, talents, timeout_ms) if flux else _nova_only(options, chosen, language)),
        *((talents.terms, term) for term in fitting),
        *shared(options),
    ]
    return Plan(
        base_url=base_url(options),
        key=api_key(options),
        by_token=bool(setting(options, "short_lived_token")),
        model=model,
        flux=flux,
        form=form,
        language=language,
        turn_timeout_ms=timeout_ms,
        replay_speed=float(setting(options, "replay_speed")),
        query=tuple(query),
        notices=(*notices, *odd_pause) if flux else notices,
    )


def opening(plan: Plan, first: tuple[bytes, ...] = ()) -> WebSocketOpening | Preflight:
    """With a token in place of the key where that was chosen: the key then stays out of the handshake."""
    if not plan.by_token:
        return WebSocketOpening(url=plan.url, headers=authorization(plan.key), first=first, refused=refused)

    def then(status: int, body: bytes) -> WebSocketOpening:
        headers = {"Authorization": f"Bearer {token(status, body)}"}
        return WebSocketOpening(url=plan.url, headers=headers, first=first, refused=refused)

    return Preflight(request=token_request(plan.base_url, plan.key), then=then)


def authorization(key: str) -> dict[str, str]:
    return {"Authorization": f"Token {key}"}


def token_request(base: str, key: str) -> HttpRequest:
    return HttpRequest(
        method="POST",
        url=base + "/v1/auth/grant",
        headers={**authorization(key), "Content-Type": "application/json"},
        body=msgspec.json.encode({"ttl_seconds": _TOKEN_S}),
    )


def token(status: int, body: bytes) -> str:
    """The token in the answer to a grant. Raises ProviderError."""

    class Answer(msgspec.Struct):
        access_token: str

    if status != 200:
        raise http_error(status, body)
    try:
        value = msgspec.json.decode(body, type=Answer).access_token
    except (ValueError, RecursionError) as problem:
        raise garbage("an answer without a token") from problem
    if not value.isascii() or not value.isprintable():
        raise garbage("a token with strange characters")
    return value


def base_url(options: StreamOptions) -> str:
    """``https://host[/path]`` without a slash at the end; http only for what the user typed."""
    return _CHOSEN.base_url(options, REGIONS.get(str(setting(options, "region")), REGIONS["global"]))


def codes(tags: tuple[str, ...], talents: Talents, model: str, *, mixed: bool = True) -> list[str]:
    """The vendor's codes. ``mixed``: several have to be such as the model tells apart within one recording. Raises
    UnsupportedLanguageError."""
    found: list[str] = []
    for tag in tags:
        code = vendor_code(tag, talents.languages)
        if code is None:
            raise UnsupportedLanguageError(f"Deepgram's model {model} does not recognise the language “{tag}”.", NAME)
        found.append(code)
    found = list(dict.fromkeys(found))
    if len(found) < 2:
        return found
    primary = list(dict.fromkeys(code.partition("-")[0] for code in found))
    if len(primary) == 1:  # two accents of one language: the first is as good as any
        return found[:1]
    strange = [code for code in primary if code not in talents.mixed]
    if mixed and strange:
        raise UnsupportedLanguageError(
            f"Deepgram's model {model} does not mix {', '.join(strange)} with other languages: choose one language.",
            NAME,
        )
    return primary


def _nova_only(options: StreamOptions, chosen: list[str], language: str) -> list[tuple[str, str]]:
    pause = options.commit is CommitMode.PAUSE
    pause_ms = max(10, round(options.pause_s * 1000))
    events = bool(setting(options, "speech_events"))
    by_pause = pause or bool(setting(options, "endpointing"))
    query = [("interim_results", "true"), ("endpointing", str(pause_ms) if by_pause else "false")]
    if language:
        query.append(("language", language))
    if len(chosen) > 1 and setting(options, "language_hints"):
        query += [("language_hint", code) for code in chosen]
    if events:
        query += [("vad_events", "true"), ("utterance_end_ms", str(max(_LEAST_UTTERANCE_END_MS, pause_ms)))]
    flags = ("punctuate", "smart_format", "dictation", "filler_words", "no_delay")
    query += [(flag, "true") for flag in flags if setting(options, flag)]
    diarize = str(setting(options, "diarize"))
    if diarize != "off":
        query.append(("diarize_model", diarize))
    query += [("replace", str(pair)) for pair in setting(options, "replace")]
    version = str(setting(options, "version")).strip()
    return [*query, ("version", version)] if version else query


def _flux_only(options: StreamOptions, chosen: list[str], talents: Talents, timeout_ms: int) -> list[tuple[str, str]]:
    query = [("eot_threshold", f"{setting(options, 'eot_threshold'):g}"), ("eot_timeout_ms", str(timeout_ms))]
    return query + [("language_hint", code.partition("-")[0]) for code in chosen if talents.mixed]


def _turn_timeout(options: StreamOptions) -> tuple[int, tuple[str, ...]]:
    """Milliseconds of silence that end a turn of Flux, and what to tell of them."""
    if options.commit is not CommitMode.PAUSE:
        return round(_TURN_TIMEOUT_S[1] * 1000), ()
    pause_s, notices = _CHOSEN.pause(options, *_TURN_TIMEOUT_S)
    return round(pause_s * 1000), notices


def shared(options: StreamOptions) -> list[tuple[str, str]]:
    """What is asked for in the same words everywhere."""
    query = [(flag, "true") for flag in ("numerals", "profanity_filter") if setting(options, flag)]
    query += [("redact", str(kind)) for kind in setting(options, "redact")]
    query += [("tag", str(tag)) for tag in setting(options, "tags")]
    return query if setting(options, "model_improvement") else [*query, ("mip_opt_out", "true")]


def terms(options: StreamOptions, talents: Talents) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What fits of the word list, and what to tell of it: an over-long list is said to stop the recognition without a
    word."""
    if not setting(options, "vocabulary"):
        return (), ()
    fitted = _WORD_LIST.fit((_WEIGHT.sub("", term.strip()) for term in options.vocabulary), _tokens)
    return fitted.terms, fitted.notices(DESCRIPTION.title)


def _tokens(term: str) -> int:
    """At least what any usual tokenizer makes of it, by a safe margin."""
    return sum(ceil(len(word.encode("utf-8", "replace")) / 3) for word in term.split())
