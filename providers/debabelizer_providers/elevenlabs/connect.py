"""From options to an address: the checked plan of one connection."""

from __future__ import annotations

from collections.abc import Mapping
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
from debabelizer.errors import ConfigurationError, UnsupportedLanguageError
from debabelizer_providers._cloud.options import Chosen
from debabelizer_providers.elevenlabs.description import (
    DESCRIPTION,
    LONGEST_EDIT,
    NAME,
    REGIONS,
)
from debabelizer_providers.elevenlabs.languages import VENDOR_CODES
from debabelizer_providers.elevenlabs.trouble import garbage, http_error, refused

REALTIME_PATH = "/v1/speech-to-text/realtime"
TOKEN_PATH = "/v1/single-use-token/"

_FORMS = {
    "pcm_16000": AudioForm(Encoding.PCM_S16LE, 16_000),
    "pcm_8000": AudioForm(Encoding.PCM_S16LE, 8_000),
    "ulaw_8000": AudioForm(Encoding.MULAW, 8_000),
}
_CHOSEN = Chosen(DESCRIPTION, "ElevenLabs")
setting = _CHOSEN.setting
api_key = _CHOSEN.api_key
_WORD_LIST = DESCRIPTION.word_list or WordList()
_SILENCE_RANGE = (0.3, 3.0)
"""Bounds of ``vad_silence_threshold_secs``."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All that a connection needs to know, checked. ``query`` keeps the order; lists are repeated keys."""

    base_url: str
    key: str
    by_token: bool
    form: AudioForm
    strategy: str
    silence_s: float
    timestamps: bool
    segment_times: bool
    """Word times restart at each segment."""
    twins: bool
    """Every commit comes twice: plain and timed."""
    rewritten: bool
    """Each committed text is followed by an edited or redacted one."""
    query: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]

    def __repr__(self) -> str:  # the key must not reach a log
        return f"Plan({self.base_url}, {self.strategy})"


def plan(options: StreamOptions) -> Plan:
    """Raises ConfigurationError, UnsupportedLanguageError."""
    filtered = bool(setting(options, "background_filter"))
    timestamps = bool(setting(options, "timestamps")) and not filtered
    detection = bool(setting(options, "language_detection"))
    strategy = "manual" if options.commit is CommitMode.MANUAL else str(setting(options, "endpointing"))
    silence_s, odd_pause = _CHOSEN.pause(options, *_SILENCE_RANGE)
    terms, notices = _keyterms(options)
    query = [
        ("model_id", model_of(options)),
        ("audio_format", str(setting(options, "audio_format"))),
        ("commit_strategy", strategy),
        *_endpointing(options, strategy, silence_s),
        *_languages(options.languages),
        *(("keyterms", term) for term in terms),
        *_flags(options, {"include_timestamps": timestamps, "include_language_detection": detection}),
        *_afterwards(options),
    ]
    return Plan(
        base_url=base_url(options),
        key=api_key(options),
        by_token=bool(setting(options, "single_use_token")),
        form=_CHOSEN.form(options, _FORMS),
        strategy=strategy,
        silence_s=silence_s,
        timestamps=timestamps,
        segment_times=setting(options, "word_times") == "segment",
        twins=timestamps or detection,
        rewritten=any(key in ("transcript_edit", "entity_redaction") for key, _ in query),
        query=tuple(query),
        notices=(*notices, *odd_pause) if strategy == "vad" else notices,
    )


def model_of(options: StreamOptions, file: str = "") -> str:
    """Of live speech; with ``file="file_"`` of recordings."""
    return str(setting(options, f"{file}other_model")).strip() or str(setting(options, f"{file}model"))


def opening(plan: Plan) -> WebSocketOpening | Preflight:
    """With a token in place of the key where that was chosen: the key then stays out of the handshake."""
    if not plan.by_token:
        url = _socket_url(plan.base_url, plan.query)
        return WebSocketOpening(url=url, headers={"xi-api-key": plan.key}, text_only=True, refused=refused)

    def then(status: int, body: bytes) -> WebSocketOpening:
        url = _socket_url(plan.base_url, (*plan.query, ("token", token(status, body))))
        return WebSocketOpening(url=url, text_only=True, refused=refused)

    return Preflight(request=token_request(plan.base_url, plan.key), then=then)


def token_request(base: str, key: str, kind: str = "realtime_scribe") -> HttpRequest:
    return HttpRequest(method="POST", url=base + TOKEN_PATH + kind, headers={"xi-api-key": key})


def token(status: int, body: bytes) -> str:
    """The single-use token in the answer to :func:`token_request`. Raises ProviderError."""

    class Answer(msgspec.Struct):
        token: str

    if status != 200:
        raise http_error(status, body)
    try:
        answer = msgspec.json.decode(body, type=Answer)
    except (ValueError, RecursionError) as problem:
        raise garbage("an answer without a token") from problem
    return answer.token


def base_url(options: StreamOptions) -> str:
    """``https://host[/path]`` without a slash at the end; http only for what the user typed."""
    return _CHOSEN.base_url(options, REGIONS.get(str(setting(options, "region")), REGIONS["global"]))


def _socket_url(base: str, query: tuple[tuple[str, str], ...]) -> str:
    parts = urlsplit(base)
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit((scheme, parts.netloc, parts.path + REALTIME_PATH, urlencode(query, quote_via=quote), ""))


def _keyterms(options: StreamOptions) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if not setting(options, "vocabulary"):
        return (), ()
    fitted = _WORD_LIST.fit(options.vocabulary)
    return fitted.terms, fitted.notices(DESCRIPTION.title)


def _endpointing(options: StreamOptions, strategy: str, silence_s: float) -> list[tuple[str, str]]:
    query = [("vad_silence_threshold_secs", f"{silence_s:g}")] if strategy == "vad" else []
    for key, parameter in (
        ("vad_threshold", "vad_threshold"),
        ("min_speech_ms", "min_speech_duration_ms"),
        ("min_silence_ms", "min_silence_duration_ms"),
    ):
        value = setting(options, key)
        if value != _CHOSEN.defaults[key]:  # at its default the server may choose better, as with background filtering
            query.append((parameter, f"{value:g}"))
    return query


def _languages(tags: tuple[str, ...]) -> list[tuple[str, str]]:
    codes = list(dict.fromkeys(vendor_language(tag) for tag in tags))
    return [("language_code" if i == 0 else "secondary_languages", code) for i, code in enumerate(codes)]


def vendor_language(tag: str) -> str:
    """The vendor's code for a BCP 47 tag: region and script go, because a tag that has them is refused."""
    code = VENDOR_CODES.get(tag.replace("_", "-").split("-")[0].lower())
    if code is None:
        raise UnsupportedLanguageError(f"ElevenLabs does not recognise the language “{tag}”.", NAME)
    return code


def _flags(options: StreamOptions, known: Mapping[str, bool]) -> list[tuple[str, str]]:
    wanted = dict(known) | {
        "no_verbatim": bool(setting(options, "no_verbatim")),
        "filter_background_audio": bool(setting(options, "background_filter")),
    }
    query = [(key, "true") for key, value in wanted.items() if value]
    if not setting(options, "logging"):
        query.append(("enable_logging", "false"))
    return query


def check_afterwards(options: StreamOptions) -> tuple[str, list[str], list[str]]:
    """Instruction for rewriting, entities to detect and to redact. Raises ConfigurationError for what excludes each
    other."""
    edit = str(setting(options, "transcript_edit")).strip()
    detection = [str(entity) for entity in setting(options, "entity_detection")]
    redaction = [str(entity) for entity in setting(options, "entity_redaction")]
    if edit and (detection or redaction):
        raise ConfigurationError("ElevenLabs cannot rewrite a text and look for entities in it: choose one.", NAME)
    if len(edit) > LONGEST_EDIT:
        raise ConfigurationError(
            f"The instruction for rewriting has {len(edit)} characters; ElevenLabs takes {LONGEST_EDIT}.", NAME
        )
    return edit, detection, redaction


def _afterwards(options: StreamOptions) -> list[tuple[str, str]]:
    edit, detection, redaction = check_afterwards(options)
    query = [("entity_detection", entity) for entity in detection]
    query += [("entity_redaction", entity) for entity in redaction]
    if redaction:
        query.append(("entity_redaction_mode", str(setting(options, "entity_redaction_mode"))))
    if edit:
        query.append(("transcript_edit", edit))
    return query
