"""The vendor's errors in ours, in one place: phrase statuses, close codes and HTTP answers."""

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
)
from debabelizer_providers.azure.description import NAME

_QUOTA = "quota"
_THROTTLED = ("throttl", "too many", "concurrent", "parallel", "4429")


def status_error(status: str, words: str = "") -> ProviderError:
    """The error that a recognition status stands for, one that is no result."""
    if status == "TooManyRequests":
        message = "Azure has too many recognitions from this resource at once."
        return RateLimitError(_told(message, words), NAME, status, vendor_message=words or status)
    if status == "Forbidden":
        message = "The free hours of this Azure resource are used up."
        return QuotaExceededError(_told(message, words), NAME, status, vendor_message=words or status)
    if status == "BadRequest":
        message = "Azure refused the settings or the audio."
        return ConfigurationError(_told(message, words), NAME, status, vendor_message=words or status)
    shown = status.strip()[:60] or "Error"
    return StreamingError(_told(f"Azure reported “{shown}”.", words), NAME, shown, vendor_message=words or shown)


def garbage(what: str) -> ProviderError:
    return StreamingError(f"Azure sent something that is not its protocol: {what}.", NAME, "garbage")


def fruitless(turns: int) -> ProviderError:
    message = f"Azure ended {turns} turns in a row without a word about the audio."
    return StreamingError(message, NAME, "fruitless")


def close_error(code: int | None, reason: str) -> ProviderError | None:
    """What a close means; None where it is the idle close or the end that we asked for."""
    words = reason.strip()[:300]
    lower = words.lower()
    if code is None or code == 1006:
        return ConnectionError("The connection to Azure broke.", NAME, "1006")
    if code in (1000, 1005):
        return None
    if any(sign in lower for sign in _THROTTLED):
        message = "Azure has too many recognitions from this resource at once."
        return RateLimitError(_told(message, words), NAME, str(code), vendor_message=words)
    if _QUOTA in lower:
        message = "Azure says that the quota of this resource is exceeded."
        return QuotaExceededError(_told(message, words), NAME, str(code), vendor_message=words)
    if code in (1001, 1012):
        return ConnectionError(_told("Azure is restarting.", words), NAME, str(code), vendor_message=words or None)
    if code == 1013:
        message = "Azure is busy and asks to come back later."
        return RateLimitError(_told(message, words), NAME, str(code), vendor_message=words or None)
    if code == 1007:
        message = "Azure refused the settings or the audio."
        return ConfigurationError(_told(message, words), NAME, str(code), vendor_message=words or None)
    message = f"Azure closed the connection with code {code}."
    return StreamingError(_told(message, words), NAME, str(code), vendor_message=words or None)


def refused(answer: Refusal) -> ProviderError | None:
    """The error of a refused handshake; None where the HTTP status says enough."""
    if not 400 <= answer.status < 500:
        return None
    error = http_error(answer.status, answer.body)
    if isinstance(error, RateLimitError):
        error.retry_after = seconds_of(answer.headers.get("retry-after"))
    return error


class _Inner(msgspec.Struct):
    code: str | int | None = None
    message: str | None = None


class _HttpAnswer(msgspec.Struct, rename="camel"):
    """Both shapes: the gateway's ``error`` object, and the service's ``code``, ``message`` and ``innerError``."""

    code: str | int | None = None
    message: str | None = None
    error: _Inner | None = None
    inner_error: _Inner | None = None


def http_error(status: int, body: bytes) -> ProviderError:
    """The error of an HTTP answer."""
    kind, words = _words(body)
    code = kind or str(status)
    lower = words.lower()
    message, error = _meaning(status, _QUOTA in lower and not any(sign in lower for sign in _THROTTLED))
    remedy = Remedy.OPEN_SETTINGS if status == 403 and error is AuthenticationError else None
    return error(_told(message, words), NAME, code, vendor_message=words or None, remedy=remedy)


def _meaning(status: int, quota: bool) -> tuple[str, type[ProviderError]]:
    if status == 402 or (quota and status in (403, 429)):
        return "The quota of this Azure resource is used up.", QuotaExceededError
    if status == 401:
        return "Azure refused the API key: it is wrong, or belongs to another region.", AuthenticationError
    if status == 403:
        return "Azure does not let this API key do this.", AuthenticationError
    if status == 429:
        return "Azure has too many requests from this resource.", RateLimitError
    if status in (404, 405):
        return "There is no Azure Speech service at this address.", ConfigurationError
    if status in (408, 409):
        return f"Azure answered with HTTP status {status}.", ConnectionError
    if 300 <= status < 400:
        return "The address of the Azure Speech service leads elsewhere.", ConfigurationError
    if 400 <= status < 500:
        return "Azure refused the settings or the audio.", ConfigurationError
    return f"Azure answered with HTTP status {status}.", StreamingError


def _words(body: bytes) -> tuple[str, str]:
    try:
        answer = msgspec.json.decode(body, type=_HttpAnswer)
    except (ValueError, RecursionError):  # plain text, or a proxy's page
        text = body.decode("utf-8", "replace").strip()
        return "", "" if "<" in text else " ".join(text.split())[:500]
    parts = [part for part in (answer.error, answer.inner_error) if part is not None]
    told = [words.strip() for words in (answer.message, *(part.message for part in parts)) if words and words.strip()]
    codes = [str(code) for code in (answer.code, *(part.code for part in parts)) if code]
    return (codes[0] if codes else "")[:100], " ".join(dict.fromkeys(told))[:500]


def _told(message: str, words: str) -> str:
    return f"{message} ({words})" if words else message
