"""From options to an address: the checked plan of one connection."""

from __future__ import annotations

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
)
from debabelizer.errors import ConfigurationError, UnsupportedLanguageError
from debabelizer_providers._cloud.options import Chosen
from debabelizer_providers.cartesia.description import (
    BASE_URL,
    DESCRIPTION,
    LATEST_API,
    NAME,
    WORD_LIST,
)
from debabelizer_providers.cartesia.languages import INK_2, INK_WHISPER, vendor_code
from debabelizer_providers.cartesia.trouble import garbage, http_error, refused

INK_2_MODEL = "ink-2"
WHISPER_MODEL = "ink-whisper"

_CHOSEN = Chosen(DESCRIPTION, "Cartesia")
setting = _CHOSEN.setting
api_key = _CHOSEN.api_key
_TOKEN_S = 60
_TURN_TIMEOUT_MS = (640, 11_200)


class Edition(msgspec.Struct, frozen=True):
    """What differs between the dates of the API. ``closing``: the word that ends the manual socket.
    ``acknowledges_first``: text may come after the acknowledgement of ``finalize``. ``repeats``: a final piece may say
    all of the segment again."""

    closing: str = "close"
    acknowledges_first: bool = False
    repeats: bool = False


_EDITIONS = {"2025-04-16": Edition("done", acknowledges_first=True, repeats=True)}


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All that a connection needs to know, checked. ``query`` keeps the order; lists are repeated keys."""

    base_url: str
    key: str
    by_token: bool
    api_version: str
    model: str
    turns: bool
    """Which of the two sockets."""
    at_pauses: bool
    form: AudioForm
    language: str
    """The vendor's code."""
    turn_timeout_ms: int
    """Silence that ends a turn."""
    replay_speed: float
    query: tuple[tuple[str, str], ...]
    notices: tuple[tuple[str, str], ...]
    """Text and code."""

    def __repr__(self) -> str:  # the key must not reach a log
        return f"Plan({self.base_url}, {self.model})"

    @property
    def url(self) -> str:
        """Of the WebSocket."""
        parts = urlsplit(self.base_url)
        scheme = "wss" if parts.scheme == "https" else "ws"
        path = parts.path + ("/stt/turns/websocket" if self.turns else "/stt/websocket")
        return urlunsplit((scheme, parts.netloc, path, urlencode(self.query, quote_via=quote), ""))

    @property
    def edition(self) -> Edition:
        return _EDITIONS.get(self.api_version, Edition())


def plan(options: StreamOptions) -> Plan:
    """Raises ConfigurationError, UnsupportedLanguageError."""
    model = _model(options)
    ink_2 = not model.startswith(WHISPER_MODEL)
    language, told = spoken(options.languages, INK_2 if model == INK_2_MODEL else INK_WHISPER, model)
    at_pauses = options.commit is CommitMode.PAUSE
    turns = at_pauses and ink_2 and bool(setting(options, "turns"))
    timeout_ms = min(max(round(options.pause_s * 1000), _TURN_TIMEOUT_MS[0]), _TURN_TIMEOUT_MS[1])
    terms, cut = _terms(options, takes=ink_2)
    form = _CHOSEN.form(options)
    return Plan(
        base_url=base_url(options),
        key=api_key(options),
        by_token=bool(setting(options, "short_lived_token")),
        api_version=str(setting(options, "api_version")) or LATEST_API,
        model=model,
        turns=turns,
        at_pauses=at_pauses,
        form=form,
        language=language,
        turn_timeout_ms=timeout_ms,
        replay_speed=float(setting(options, "replay_speed")),
        query=(
            ("model", model),
            ("encoding", "pcm_mulaw" if form.encoding is Encoding.MULAW else "pcm_s16le"),
            ("sample_rate", str(form.rate)),
            *(_turns_only(options, timeout_ms) if turns else _manual_only(options, language, ink_2=ink_2)),
            *(("keyterm", term) for term in terms),
        ),
        notices=(*told, *cut),
    )


def file_plan(options: StreamOptions) -> Plan:
    """For recordings, which have models of their own. Raises as :func:`plan`."""
    settings = {**options.settings, "model": setting(options, "file_model"), "other_model": "", "vocabulary": False}
    return plan(msgspec.structs.replace(options, settings=settings, commit=CommitMode.MANUAL))


def opening(plan: Plan) -> WebSocketOpening | Preflight:
    """With a token in place of the key where that was chosen: the key then stays out of the handshake."""
    if not plan.by_token:
        return WebSocketOpening(url=plan.url, headers=headers(plan, plan.key), refused=refused)

    def then(status: int, body: bytes) -> WebSocketOpening:
        return WebSocketOpening(url=plan.url, headers=headers(plan, token(status, body)), refused=refused)

    return Preflight(request=token_request(plan), then=then)


def token_request(plan: Plan) -> HttpRequest:
    return HttpRequest(
        method="POST",
        url=plan.base_url + "/access-token",
        headers={**headers(plan, plan.key), "Content-Type": "application/json"},
        body=msgspec.json.encode({"grants": {"stt": True}, "expires_in": _TOKEN_S}),
    )


def headers(plan: Plan, secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}", "Cartesia-Version": plan.api_version}


def token(status: int, body: bytes) -> str:
    """The token in the answer to the request for one. Raises ProviderError."""

    class Answer(msgspec.Struct):
        token: str

    if status != 200:
        raise http_error(status, body)
    try:
        value = msgspec.json.decode(body, type=Answer).token
    except (ValueError, RecursionError) as problem:
        raise garbage("an answer without a token") from problem
    if not value.isascii() or not value.isprintable():
        raise garbage("a token with strange characters")
    return value


def base_url(options: StreamOptions) -> str:
    """``https://host[/path]`` without a slash at the end; http only for what the user typed."""
    return _CHOSEN.base_url(options, BASE_URL)


def spoken(tags: tuple[str, ...], known: frozenset[str], model: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The vendor's code of the one language, and what to tell about it: that only one of several is heard is told from
    the description already. Raises UnsupportedLanguageError."""
    if not tags:
        notice = "Cartesia does not find out the language by itself: it expects English, as none is chosen."
        return "en", ((notice, "language"),)
    code = vendor_code(tags[0], known)
    if code is None:
        raise UnsupportedLanguageError(f"Cartesia's model {model} does not recognise the language “{tags[0]}”.", NAME)
    return code, ()


def _model(options: StreamOptions) -> str:
    model = str(setting(options, "other_model")).strip() or str(setting(options, "model"))
    if model != "auto":
        return model
    english = not options.languages or vendor_code(options.languages[0], INK_2)
    return INK_2_MODEL if english else WHISPER_MODEL


def _manual_only(options: StreamOptions, language: str, *, ink_2: bool) -> list[tuple[str, str]]:
    query = [("language", language)]
    if ink_2:
        return query
    if options.commit is CommitMode.PAUSE:
        query.append(("max_silence_duration_secs", f"{options.pause_s:g}"))
    least = float(setting(options, "min_volume"))
    return [*query, ("min_volume", f"{least:g}")] if least else query


def _turns_only(options: StreamOptions, timeout_ms: int) -> list[tuple[str, str]]:
    names = ("turn_end_threshold", "turn_eager_end_threshold", "turn_start_threshold")
    end, eager, start = (float(setting(options, name)) for name in names)
    if not end < eager < start:
        raise ConfigurationError(
            f"The end of turn ({end:g}) must lie below its early end ({eager:g}), that below the start ({start:g}).",
            NAME,
        )
    values = zip(names, (end, eager, start), strict=True)
    return [*((name, f"{value:g}") for name, value in values), ("turn_end_timeout_ms", str(timeout_ms))]


def _terms(options: StreamOptions, *, takes: bool) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """What fits of the word list, and what to tell about it."""
    if not setting(options, "vocabulary"):
        return (), ()
    fitted = WORD_LIST.fit(options.vocabulary)
    if fitted.terms and not takes:
        return (), (("Ink-Whisper takes no word list: yours was not sent.", "vocabulary"),)
    return fitted.terms, tuple((notice, "vocabulary") for notice in fitted.notices(DESCRIPTION.title))
