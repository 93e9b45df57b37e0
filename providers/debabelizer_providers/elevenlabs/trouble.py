"""The vendor's errors in ours, in one place: error frames, close codes and HTTP answers."""

from __future__ import annotations

import msgspec

from debabelizer.contract import Refusal, seconds_of
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    Remedy,
    StreamingError,
    UnsupportedError,
)
from debabelizer_providers.elevenlabs.description import NAME

_KINDS: dict[str, tuple[type[ProviderError], str]] = {
    "auth_error": (
        AuthenticationError,
        "ElevenLabs refused the API key: it is wrong, belongs to another region, or lacks the right to transcribe.",
    ),
    "quota_exceeded": (QuotaExceededError, "The ElevenLabs credits are used up."),
    "unaccepted_terms": (QuotaExceededError, "ElevenLabs wants its terms accepted: sign in on its site first."),
    "input_error": (UnsupportedError, "ElevenLabs did not understand a message of ours."),
    "invalid_request": (ConfigurationError, "ElevenLabs refused the settings of this connection."),
    "chunk_size_exceeded": (
        ConfigurationError,
        "ElevenLabs found an audio message too long: shorten it in the settings.",
    ),
    "rate_limited": (RateLimitError, "ElevenLabs has too many requests from this account."),
    "queue_overflow": (RateLimitError, "ElevenLabs could not keep up with the audio."),
    "resource_exhausted": (RateLimitError, "ElevenLabs is at capacity."),
    "session_time_limit_exceeded": (ConnectionError, "ElevenLabs ended a connection that was open for very long."),
    "transcriber_error": (StreamingError, "Recognition failed at ElevenLabs."),
    "error": (StreamingError, "ElevenLabs reported a failure."),
}
_KINDS["unaccepted_terms_error"] = _KINDS["unaccepted_terms"]  # its older name in the SDK

IDLE = frozenset({"insufficient_audio_activity", "commit_throttled"})
"""Kinds after which a close means no more than that the connection was idle."""


def frame_error(kind: str, words: str) -> ProviderError:
    """The error of an error frame, with the vendor's ``words`` kept. Unknown kinds are failures of the service."""
    maker, message = _KINDS.get(kind, (StreamingError, f"ElevenLabs reported “{kind}”."))
    words = words.strip()[:500]
    return maker(f"{message} ({words})" if words else message, NAME, kind, vendor_message=words or None)


def garbage(what: str) -> ProviderError:
    return StreamingError(f"ElevenLabs sent something that is not its protocol: {what}.", NAME, "garbage")


def close_error(code: int | None, reason: str) -> ProviderError | None:
    """What a close means; None where it is the idle close or our own."""
    kind = reason.strip()
    if kind in IDLE:
        return None
    if kind in _KINDS:  # seen as 1008 with the kind for a reason
        return frame_error(kind, "")
    if code is None or code == 1006:
        return ConnectionError("The connection to ElevenLabs broke.", NAME, "1006")
    if code in (1000, 1001, 1005):
        return None if code != 1001 else ConnectionError("ElevenLabs is restarting.", NAME, "1001")
    words = f" ({kind})" if kind else ""
    maker: type[ProviderError] = StreamingError
    message = f"ElevenLabs closed the connection with code {code}."
    if code == 1008:
        maker, message = ConfigurationError, "ElevenLabs refused this connection."
    elif code == 1009:
        maker, message = _KINDS["chunk_size_exceeded"]
    elif code in (1012, 1013):
        maker, message = RateLimitError, "ElevenLabs is busy and asks to come back later."
    return maker(message + words, NAME, str(code), vendor_message=kind or None)


def refused(answer: Refusal) -> ProviderError | None:
    """The error of a refused handshake; None where the HTTP status says enough."""
    if not 400 <= answer.status < 500:
        return None
    error = http_error(answer.status, answer.body)
    if isinstance(error, RateLimitError):
        error.retry_after = seconds_of(answer.headers.get("retry-after"))
    return error


class _Detail(msgspec.Struct):
    status: str = ""
    message: str = ""


class _Problem(msgspec.Struct):
    """Of one field of the request."""

    loc: list[str | int] = []
    msg: str = ""


class _HttpAnswer(msgspec.Struct):
    detail: _Detail | str | list[_Problem] | None = None


def http_error(status: int, body: bytes) -> ProviderError:
    """The error of an HTTP answer: ``{"detail":{"status","message"}}``, or a list of problems with 422."""
    kind, words = _detail(body)
    code = kind or str(status)
    shown = f" ({words})" if words else ""
    if kind == "quota_exceeded" or status == 402:
        return QuotaExceededError(f"The ElevenLabs credits are used up.{shown}", NAME, code, vendor_message=words)
    if status in (401, 403):
        return AuthenticationError(f"{_KINDS['auth_error'][1]}{shown}", NAME, code, vendor_message=words)
    if status == 429 or kind == "system_busy":
        return RateLimitError(f"ElevenLabs has too much to do just now.{shown}", NAME, code, vendor_message=words)
    if status in (404, 405):
        return ConfigurationError(
            f"There is no ElevenLabs service at this address.{shown}",
            NAME,
            code,
            vendor_message=words,
            remedy=Remedy.OPEN_SETTINGS,
        )
    if 400 <= status < 500:
        return ConfigurationError(f"ElevenLabs refused the request.{shown}", NAME, code, vendor_message=words)
    return StreamingError(f"ElevenLabs answered with HTTP status {status}.{shown}", NAME, code, vendor_message=words)


def _detail(body: bytes) -> tuple[str, str]:
    try:
        detail = msgspec.json.decode(body, type=_HttpAnswer).detail
    except (ValueError, RecursionError):  # a proxy's page, say: the status has to do
        return "", ""
    if isinstance(detail, _Detail):
        return detail.status, detail.message[:500]
    if isinstance(detail, list):
        told = (": ".join([".".join(map(str, problem.loc)), problem.msg]).strip(": ") for problem in detail)
        return "", "; ".join(filter(None, told))[:500]
    return "", (detail or "")[:500]
