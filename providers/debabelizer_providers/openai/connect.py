"""From options to an address and a configuration: the checked plan of one connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import msgspec
from pybase64 import b64encode

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
from debabelizer_providers.openai.description import (
    BASE_URL,
    DESCRIPTION,
    NAME,
    OTHER_NAMES,
)
from debabelizer_providers.openai.dialects import DIALECTS, Dialect, Shape
from debabelizer_providers.openai.talents import OTHER_MODEL, TALENTS, Talents
from debabelizer_providers.openai.trouble import garbage, http_error, refused_handshake
from debabelizer_providers.openai.words import MOST_PROMPT, told

CONFIGURATION_ID = "configuration"
"""``event_id`` of our configuration, by which an error names it."""
_CHOSEN = Chosen(DESCRIPTION, "OpenAI")
setting = _CHOSEN.setting
_LONGEST_PAUSE_S = 10.0
_CONTEXT_CHARACTERS = 200
_SECRET_S = 600
"""How long a client secret is good for opening; the vendor's own default."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All that a connection needs to know, checked. ``session``: what is said of it to a server of OpenAI's shape."""

    base_url: str
    key: str
    dialect: Dialect
    model: str
    form: AudioForm
    vad: bool
    """The server ends items at pauses by itself."""
    by_secret: bool
    errors_end: bool
    answer_s: float
    longest_connection_s: float | None
    replay_speed: float
    session: Mapping[str, Any]
    headers: Mapping[str, str]
    prompt: str
    takes_context: bool
    notices: tuple[str, ...]

    def __repr__(self) -> str:  # the key must not reach a log
        return f"Plan({self.base_url}, {self.dialect.name}, {self.model})"

    @property
    def url(self) -> str:
        """Of the WebSocket."""
        parts = urlsplit(self.base_url)
        query = [("intent", "transcription")] if self.dialect.intent_in_url else []
        if self.dialect.model_in_url:
            query.insert(0, ("model", self.model))
        scheme = "wss" if parts.scheme == "https" else "ws"
        return urlunsplit((scheme, parts.netloc, parts.path + "/realtime", urlencode(query, quote_via=quote), ""))

    def configuration(self, previous: str = "") -> Mapping[str, Any]:
        """``session`` with the words before in the prompt, where that was chosen and the model takes one."""
        context = _tail(previous) if self.takes_context else ""
        prompt = " ".join(filter(None, (self.prompt, context)))
        return _configured(self, prompt)


def plan(options: StreamOptions) -> Plan:
    """Raises ConfigurationError, UnsupportedLanguageError."""
    dialect = _dialect(options)
    base = base_url(options)
    model = str(setting(options, "other_model")).strip() or str(setting(options, "model"))
    talents = TALENTS.get(model, OTHER_MODEL)
    key = _CHOSEN.api_key(options, needed=base == BASE_URL)
    vad = _vad(options, talents)
    takes_context = bool(setting(options, "context")) and talents.prompt == "text"
    languages, one_language = _languages(options.languages, talents)
    words = told(
        options,
        Talents() if dialect.shape is Shape.VLLM else talents,
        title=DESCRIPTION.title,
        prompt=str(setting(options, "prompt")).strip(),
        send_list=bool(setting(options, "vocabulary")),
        room=MOST_PROMPT - (_CONTEXT_CHARACTERS + 1 if takes_context else 0),
    )
    return Plan(
        base_url=base,
        key=key,
        dialect=dialect,
        model=model,
        form=_form(options, dialect),
        vad=vad is not None,
        by_secret=bool(setting(options, "client_secret")) and dialect.mints and bool(key),
        errors_end=bool(setting(options, "errors_end")),
        answer_s=float(setting(options, "answer_s")),
        longest_connection_s=60.0 * setting(options, "longest_connection_min") or None,
        replay_speed=float(setting(options, "replay_speed")),
        session={
            "transcription": {
                "model": model,
                **languages,
                **({"keywords": list(words.keywords)} if words.keywords else {}),
                **_delay(options, talents),
            },
            "noise_reduction": _noise_reduction(options),
            "turn_detection": vad,
        },
        headers=_headers(options, dialect),
        prompt=words.prompt,
        takes_context=takes_context,
        notices=(*one_language, *words.notices),
    )


def append_message(pcm: bytes) -> bytes:
    """The message that adds audio to the buffer, the same in every dialect."""
    return b"".join((b'{"type":"input_audio_buffer.append","audio":"', b64encode(pcm), b'"}'))


def opening(plan: Plan, first: tuple[str, ...], configuration: Mapping[str, Any]) -> WebSocketOpening | Preflight:
    """With a client secret in place of the key where that was chosen: the key then stays out of the handshake."""
    if not plan.by_secret:
        headers = {**authorization(plan), **plan.headers}
        return WebSocketOpening(url=plan.url, headers=headers, first=first, text_only=True, refused=refused_handshake)

    def then(status: int, body: bytes) -> WebSocketOpening:
        headers = {"Authorization": f"Bearer {secret(status, body)}"}
        return WebSocketOpening(url=plan.url, headers=headers, first=first, text_only=True, refused=refused_handshake)

    return Preflight(request=secret_request(plan, configuration), then=then)


def authorization(plan: Plan) -> dict[str, str]:
    """The key's header; none without a key."""
    if not plan.key:
        return {}
    header = plan.dialect.key_header
    return {header: f"Bearer {plan.key}" if header == "Authorization" else plan.key}


def secret_request(plan: Plan, configuration: Mapping[str, Any]) -> HttpRequest:
    body = {"expires_after": {"anchor": "created_at", "seconds": _SECRET_S}, "session": configuration}
    return HttpRequest(
        method="POST",
        url=plan.base_url + "/realtime/client_secrets",
        headers={**authorization(plan), **plan.headers, "Content-Type": "application/json"},
        body=msgspec.json.encode(body),
    )


def secret(status: int, body: bytes) -> str:
    """The client secret in the answer to :func:`secret_request`. Raises ProviderError."""

    class Answer(msgspec.Struct):
        value: str

    if status != 200:
        raise http_error(status, body)
    try:
        value = msgspec.json.decode(body, type=Answer).value
    except (ValueError, RecursionError) as problem:
        raise garbage("an answer without a client secret") from problem
    if not value.isascii() or not value.isprintable():
        raise garbage("a client secret with strange characters")
    return value


def base_url(options: StreamOptions) -> str:
    """``https://host[/path]`` without a slash at the end; http only for what the user typed."""
    return _CHOSEN.base_url(options, BASE_URL).removesuffix("/realtime")


def _dialect(options: StreamOptions) -> Dialect:
    name = str(setting(options, "dialect"))
    if name not in DIALECTS:
        raise ConfigurationError(f"There is no kind of server called “{name}”.", NAME)
    if name != "openai" and base_url(options) == BASE_URL:
        raise ConfigurationError(f"{DIALECTS[name].title} needs the address of the server.", NAME)
    return DIALECTS[name]


def _headers(options: StreamOptions, dialect: Dialect) -> dict[str, str]:
    if dialect.shape is not Shape.GA or dialect.key_header != "Authorization":
        return {}
    headers = {}
    for key, header in (("organization", "OpenAI-Organization"), ("project", "OpenAI-Project")):
        value = str(setting(options, key)).strip()
        if not value.isascii() or not value.isprintable():
            raise ConfigurationError(f"“{value}” cannot be the name of an OpenAI {key}.", NAME)
        if value:
            headers[header] = value
    return headers


def _form(options: StreamOptions, dialect: Dialect) -> AudioForm:
    name = str(setting(options, "audio_format"))
    if name not in ("pcm", "pcmu"):
        raise ConfigurationError(f"OpenAI takes no audio of the form “{name}”.", NAME)
    if name == "pcmu" and dialect.shape is Shape.GA:
        return AudioForm(Encoding.MULAW, 8_000)
    rate = int(setting(options, "rate"))
    # OpenAI itself takes one rate only, and would hear any other as slow or hasty speech
    return AudioForm(rate=dialect.rate if not rate or dialect.name in ("openai", "azure") else max(rate, 8_000))


def _vad(options: StreamOptions, talents: Talents) -> dict[str, Any] | None:
    kind = str(setting(options, "turn_detection"))
    if options.commit is CommitMode.MANUAL or not talents.vad or kind == "off":
        return None
    if kind == "semantic_vad":
        return {"type": kind, "eagerness": str(setting(options, "eagerness"))}
    return {
        "type": "server_vad",
        "threshold": float(setting(options, "vad_threshold")),
        "prefix_padding_ms": int(setting(options, "prefix_padding_ms")),
        "silence_duration_ms": round(min(max(options.pause_s, 0.1), _LONGEST_PAUSE_S) * 1000),
    }


def _languages(tags: tuple[str, ...], talents: Talents) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What is asked for, and what the user should know of it. One language is told to every model; several to those
    that take them, otherwise the model finds out itself. Those have no other way for one (the vendor's guide, and what
    its own agents' library sends)."""
    codes = list(dict.fromkeys(vendor_language(tag) for tag in tags))
    if not codes:
        return {}, ()
    if talents.hints:
        return {"languages": codes}, ()
    if len(codes) == 1:
        return {"language": codes[0]}, ()
    return {}, ("This model takes one language: it finds out itself which of yours is spoken.",)


def vendor_language(tag: str) -> str:
    """ISO 639-1, without region and script."""
    first = tag.replace("_", "-").split("-")[0].lower()
    code = OTHER_NAMES.get(first, first)
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise UnsupportedLanguageError(f"OpenAI does not recognise the language “{tag}”.", NAME)
    return code


def _delay(options: StreamOptions, talents: Talents) -> dict[str, str]:
    delay = str(setting(options, "delay"))
    return {"delay": delay} if delay and talents.delay else {}


def _noise_reduction(options: StreamOptions) -> dict[str, Any] | None:
    kind = str(setting(options, "noise_reduction"))
    if kind == "off":
        return None
    strength = float(setting(options, "noise_strength"))
    return {"type": kind, **({} if strength == _CHOSEN.defaults["noise_strength"] else {"strength": strength})}


def _configured(plan: Plan, prompt: str) -> Mapping[str, Any]:
    transcription = {**plan.session["transcription"], **({"prompt": prompt} if prompt else {})}
    detection = plan.session["turn_detection"]
    if plan.dialect.shape is Shape.BETA:
        if detection is not None:
            detection = {key: value for key, value in detection.items() if key != "prefix_padding_ms"}
        return {"input_audio_transcription": transcription, "turn_detection": detection}
    mulaw = plan.form.encoding is Encoding.MULAW
    return {
        "type": "transcription",
        "audio": {
            "input": {
                "format": {"type": "audio/pcmu"} if mulaw else {"type": "audio/pcm", "rate": plan.form.rate},
                "noise_reduction": plan.session["noise_reduction"],
                "transcription": transcription,
                "turn_detection": detection,
            }
        },
    }


def _tail(text: str) -> str:
    """The last whole words of what was written."""
    text = " ".join(text.split())
    return text if len(text) <= _CONTEXT_CHARACTERS else text[-_CONTEXT_CHARACTERS:].partition(" ")[2]
