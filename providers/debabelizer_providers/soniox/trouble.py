"""The vendor's errors in ours, in one place: error frames, close codes, HTTP answers and failed jobs.

The kind (``error_type``) decides where it is known, else the number. Source: the vendor's reference of errors.
"""

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
    UnsupportedFormatError,
)
from debabelizer_providers.soniox.description import NAME

TIMEOUT = "request_timeout"
"""A connection on which no audio came in time."""
_LONGEST = "max_duration_reached"
_SESSION_OVER = "temp_api_key_session_expired"
_BY_NUMBER = {
    400: "invalid_request",
    401: "unauthenticated",
    402: "organization_balance_exhausted",
    403: "permission_denied",
    408: TIMEOUT,
    413: _LONGEST,
    429: "limit_exceeded",
    500: "internal_error",
    503: "service_unavailable",
}


def vendor_error(number: int | None, kind: str, words: str) -> ProviderError:
    """``number``: of an error frame or the HTTP status; ``words``: the vendor's own."""
    kind, words = kind.strip()[:100], words.strip()[:500]
    by_number = _BY_NUMBER.get(number or 0, "")
    code = kind or by_number or str(number or "error")
    told = words or None
    if number == 401 or kind == "unauthenticated":
        message = "Soniox refused the API key. It may belong to another region."
        return AuthenticationError(_told(message, words), NAME, code, vendor_message=told)
    if kind == _SESSION_OVER:  # the next connection gets a new one, where we make them
        return ConnectionError(_told("The temporary Soniox key is used up.", words), NAME, code, vendor_message=told)
    if number == 402 or "balance" in kind or "budget" in kind:
        message = "The Soniox balance or budget is used up."
        return QuotaExceededError(_told(message, words), NAME, code, vendor_message=told)
    if number == 403:
        message = "Soniox does not let this API key do this."
        return AuthenticationError(_told(message, words), NAME, code, vendor_message=told, remedy=Remedy.OPEN_SETTINGS)
    if number == 429:
        message = "Soniox has too many connections or requests from this project."
        return RateLimitError(_told(message, words), NAME, code, vendor_message=told)
    if kind == "model_not_available":
        message = "Soniox does not offer this model."
        return ConfigurationError(_told(message, words), NAME, code, vendor_message=told)
    passing = {
        TIMEOUT: "Soniox got no audio for too long.",
        _LONGEST: "The connection to Soniox has reached its longest duration.",
        "service_unavailable": "Soniox asks to start again.",
    }.get(kind or by_number)
    if passing:
        return ConnectionError(_told(passing, words), NAME, code, vendor_message=told)
    if number in (404, 405):
        message = "There is no Soniox service at this address."
        return ConfigurationError(_told(message, words), NAME, code, vendor_message=told)
    if number is not None and 400 <= number < 500:
        message = "Soniox refused the settings or the audio."
        return ConfigurationError(_told(message, words), NAME, code, vendor_message=told)
    return StreamingError(_told(f"Soniox reported “{code}”.", words), NAME, code, vendor_message=told)


def job_error(kind: str, words: str) -> ProviderError:
    """Of a transcription that failed: it has no number, but the kinds are the same."""
    number = next((number for number, known in _BY_NUMBER.items() if known == kind), None)
    if number is not None:
        return vendor_error(number, kind, words)
    if "audio" in kind or "file" in kind:
        message = _told("Soniox cannot read the recording.", words.strip()[:500])
        return UnsupportedFormatError(message, NAME, kind, vendor_message=words or None)
    return vendor_error(None, kind, words)


def garbage(what: str) -> ProviderError:
    return StreamingError(f"Soniox sent something that is not its protocol: {what}.", NAME, "garbage")


def close_error(code: int | None, reason: str) -> ProviderError | None:
    """What a close means; None where it is a normal one. Errors come in frames, before it."""
    words = reason.strip()[:300]
    told = words or None
    if code is None or code == 1006:
        return ConnectionError("The connection to Soniox broke.", NAME, "1006")
    if code in (1000, 1005):
        return None
    if code in (1001, 1012):
        return ConnectionError(_told("Soniox is restarting.", words), NAME, str(code), vendor_message=told)
    if code == 1013:
        message = "Soniox is busy and asks to come back later."
        return RateLimitError(_told(message, words), NAME, str(code), vendor_message=told)
    if code == 1008:
        return ConfigurationError(_told("Soniox refused this connection.", words), NAME, str(code), vendor_message=told)
    message = f"Soniox closed the connection with code {code}."
    return StreamingError(_told(message, words), NAME, str(code), vendor_message=told)


class _Detail(msgspec.Struct):
    location: str = ""
    message: str = ""


class _HttpAnswer(msgspec.Struct):
    """Both shapes: that of the REST interface, and that of the error frames."""

    error_type: str | None = None
    message: str | None = None
    error_message: str | None = None
    validation_errors: list[_Detail] = []


def refused(answer: Refusal) -> ProviderError | None:
    """The error of a refused handshake; None where the HTTP status says enough."""
    if not 400 <= answer.status < 500:
        return None
    return http_error(answer.status, answer.body, answer.headers.get("retry-after"))


def http_error(status: int, body: bytes, retry_after: str | None = None) -> ProviderError:
    """The error of an HTTP answer; ``retry_after``: its header."""
    error = _http_error(status, body)
    if isinstance(error, RateLimitError):
        error.retry_after = seconds_of(retry_after)
    return error


def _http_error(status: int, body: bytes) -> ProviderError:
    try:
        answer = msgspec.json.decode(body, type=_HttpAnswer)
    except (ValueError, RecursionError):  # a proxy's page, say: the status has to do
        return vendor_error(status, "", "")
    details = [f"{detail.location}: {detail.message}" for detail in answer.validation_errors]
    words = "; ".join(filter(None, [answer.message or answer.error_message, *details]))
    return vendor_error(status, answer.error_type or "", words)


def _told(message: str, words: str) -> str:
    return f"{message} ({words})" if words else message
