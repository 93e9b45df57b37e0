"""From options to an address and a start message: the checked plan of one connection."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlunsplit

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
from debabelizer_providers.soniox.context import CHOSEN, context, setting
from debabelizer_providers.soniox.description import (
    NAME,
    REGIONS,
)
from debabelizer_providers.soniox.languages import spaceless, vendor_code
from debabelizer_providers.soniox.trouble import garbage, http_error, refused

LONGEST_S = 300 * 60
"""A connection, and a file."""
api_key = CHOSEN.api_key
_TOKEN_S = 60
_PAUSE_S = (0.5, 3.0)
_LONGEST_LABEL = 256
_REST_HOST, _LIVE_HOST = "api.", "stt-rt."
_LIVE_PATH = "/transcribe-websocket"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All that a connection needs to know, checked."""

    rest_url: str
    """Without ``/v1``."""
    live_url: str
    key: str
    by_token: bool
    model: str
    form: AudioForm
    codes: tuple[str, ...]
    """The languages expected, by the vendor's codes."""
    start: bytes
    """The start message, JSON."""
    replay_speed: float
    notices: tuple[str, ...]

    def __repr__(self) -> str:  # the key must not reach a log
        return f"Plan({self.live_url}, {self.model})"

    @property
    def language(self) -> str:
        """The only one expected, or nothing."""
        return self.codes[0] if len(self.codes) == 1 else ""

    @property
    def spaceless(self) -> bool:
        return spaceless(self.language)


def plan(options: StreamOptions) -> Plan:
    """Raises ConfigurationError, UnsupportedLanguageError."""
    form = CHOSEN.form(options)
    model = str(setting(options, "other_model")).strip() or str(setting(options, "model"))
    codes = language_codes(options.languages)
    known, notices = context(options)
    pauses, odd_pause = _pauses(options)
    rest_url, live_url = addresses(options)
    start = {
        "model": model,
        "audio_format": "mulaw" if form.encoding is Encoding.MULAW else "pcm_s16le",
        "sample_rate": form.rate,
        "num_channels": 1,
        **recognition(options, codes),
        **pauses,
        **known,
        **_translation(options),
        **label(options),
    }
    return Plan(
        rest_url=rest_url,
        live_url=live_url,
        key=api_key(options),
        by_token=bool(setting(options, "short_lived_token")),
        model=model,
        form=form,
        codes=codes,
        start=msgspec.json.encode(start),
        replay_speed=float(setting(options, "replay_speed")),
        notices=(*notices, *odd_pause),
    )


def opening(plan: Plan) -> WebSocketOpening | Preflight:
    """With a temporary key where that was chosen: the key itself then stays out of the handshake."""
    if not plan.by_token:
        return _opening(plan, plan.key)

    def then(status: int, body: bytes) -> WebSocketOpening:
        return _opening(plan, temporary_key(status, body))

    wanted = {
        "usage_type": "transcribe_websocket",
        "expires_in_seconds": _TOKEN_S,
        "single_use": True,
        "max_session_duration_seconds": LONGEST_S,
    }
    request = HttpRequest(
        method="POST",
        url=plan.rest_url + "/v1/auth/temporary-api-key",
        headers={**authorization(plan.key), "Content-Type": "application/json"},
        body=msgspec.json.encode(wanted),
    )
    return Preflight(request=request, then=then)


def _opening(plan: Plan, key: str) -> WebSocketOpening:
    first = (plan.start.decode(),)
    return WebSocketOpening(url=plan.live_url, headers=authorization(key), first=first, refused=refused)


def authorization(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def temporary_key(status: int, body: bytes) -> str:
    """The key in the answer to a request for one. Raises ProviderError."""

    class Answer(msgspec.Struct):
        api_key: str

    if not 200 <= status < 300:
        raise http_error(status, body)
    try:
        value = msgspec.json.decode(body, type=Answer).api_key
    except (ValueError, RecursionError) as problem:
        raise garbage("an answer without a temporary key") from problem
    if not value.isascii() or not value.isprintable():
        raise garbage("a temporary key with strange characters")
    return value


def addresses(options: StreamOptions) -> tuple[str, str]:
    """Of the REST interface (without ``/v1``) and of the live one. Plain http only for what the user typed.

    The two live on hosts of their own, ``api.DOMAIN`` and ``stt-rt.DOMAIN``; any other host is taken to serve both.
    """
    own = CHOSEN.address(options)
    if own is None:
        domain = REGIONS.get(str(setting(options, "region")), REGIONS["us"])
        return f"https://{_REST_HOST}{domain}", f"wss://{_LIVE_HOST}{domain}{_LIVE_PATH}"
    path = own.path.removesuffix(_LIVE_PATH).removesuffix("/v1")
    domain = own.netloc.removeprefix(_REST_HOST).removeprefix(_LIVE_HOST)
    two = domain != own.netloc
    rest = urlunsplit((own.scheme, _REST_HOST + domain if two else domain, path, "", ""))
    live = urlunsplit(
        ("wss" if own.scheme == "https" else "ws", _LIVE_HOST + domain if two else domain, path + _LIVE_PATH, "", "")
    )
    return rest, live


def language_codes(tags: Sequence[str]) -> tuple[str, ...]:
    """Raises UnsupportedLanguageError."""
    codes = []
    for tag in tags:
        code = vendor_code(tag)
        if code is None:
            raise UnsupportedLanguageError(f"Soniox does not recognise the language “{tag}”.", NAME)
        codes.append(code)
    return tuple(dict.fromkeys(codes))


def recognition(options: StreamOptions, codes: tuple[str, ...]) -> dict[str, object]:
    """What live and file recognition have in common."""
    wanted: dict[str, object] = {}
    if codes:
        wanted["language_hints"] = list(codes)
        if setting(options, "only_these_languages"):
            wanted["language_hints_strict"] = True
    if setting(options, "language_identification"):
        wanted["enable_language_identification"] = True
    if setting(options, "diarize"):
        wanted["enable_speaker_diarization"] = True
    return wanted


def label(options: StreamOptions) -> dict[str, object]:
    text = str(setting(options, "label")).strip()[:_LONGEST_LABEL]
    return {"client_reference_id": text} if text else {}


def _pauses(options: StreamOptions) -> tuple[dict[str, object], tuple[str, ...]]:
    by_pause = options.commit is CommitMode.PAUSE
    if not by_pause and not setting(options, "endpointing"):
        return {}, ()
    pause_s, notices = CHOSEN.pause(options, *_PAUSE_S)
    pauses: dict[str, object] = {"enable_endpoint_detection": True}
    if by_pause:
        pauses["max_endpoint_delay_ms"] = round(pause_s * 1000)
    sensitivity = float(setting(options, "endpoint_sensitivity"))
    if sensitivity:
        pauses["endpoint_sensitivity"] = min(max(sensitivity, -1.0), 1.0)
    latency = str(setting(options, "endpoint_latency"))
    if latency != "auto":
        pauses["endpoint_latency_adjustment_level"] = int(latency)
    return pauses, notices if by_pause else ()


def _translation(options: StreamOptions) -> dict[str, object]:
    """Raises ConfigurationError, UnsupportedLanguageError."""
    codes = language_codes([str(tag) for tag in setting(options, "translation")])
    match codes:
        case ():
            return {}
        case (target,):
            return {"translation": {"type": "one_way", "target_language": target}}
        case (one, other):
            return {"translation": {"type": "two_way", "language_a": one, "language_b": other}}
    raise ConfigurationError("Soniox translates into one language, or between two.", NAME)
