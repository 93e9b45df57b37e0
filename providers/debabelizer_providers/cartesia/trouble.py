"""The vendor's errors in ours, in one place: error frames, HTTP answers and close codes."""

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
from debabelizer_providers.cartesia.description import NAME

_MOST_WORDS = 500


def garbage(what: str) -> ProviderError:
    return StreamingError(f"Cartesia sent something that is not its protocol: {what}.", NAME, "garbage")


def status_error(status: int, code: str, words: str) -> ProviderError:
    """The error of an HTTP status, which error frames carry, too. ``code`` and ``words`` are the vendor's own."""
    code = code.strip()[:100] or str(status)
    words = words.strip()[:_MOST_WORDS]
    if status == 401:
        return _error(AuthenticationError, "Cartesia refused the API key.", code, words)
    if status == 402:
        return _error(QuotaExceededError, "The Cartesia credits are used up.", code, words)
    if status == 403:
        error = _error(AuthenticationError, "Cartesia does not let this API key do that.", code, words)
        error.remedy = Remedy.OPEN_SETTINGS
        return error
    if status == 429:
        return _error(RateLimitError, "Cartesia has too many connections from this account.", code, words)
    if status in (404, 405):
        return _error(ConfigurationError, "There is no Cartesia service at this address.", code, words)
    if 400 <= status < 500:
        return _error(ConfigurationError, "Cartesia refused the settings.", code, words)
    return _error(StreamingError, f"Cartesia reported an error ({status}).", code, words)


class _HttpAnswer(msgspec.Struct):
    title: str | None = None
    message: str | None = None
    error: str | None = None
    error_code: str | None = None


def http_error(status: int, body: bytes) -> ProviderError:
    """The error of an HTTP answer: JSON in recent editions, a line of text in older ones."""
    try:
        answer = msgspec.json.decode(body, type=_HttpAnswer)
    except (ValueError, RecursionError):
        words = body[: 4 * _MOST_WORDS].decode("utf-8", "replace").strip()
        return status_error(status, "", "" if words.startswith(("<", "{", "[")) else words)
    return status_error(status, answer.error_code or "", said(answer.title, answer.message or answer.error))


def said(title: str | None, message: str | None) -> str:
    """The vendor's title and message in one line."""
    title, message = (title or "").strip(), (message or "").strip()
    if not title or not message or message.lower().startswith(title.lower()):
        return message or title
    return f"{title}: {message}"


def refused(answer: Refusal) -> ProviderError | None:
    """The error of a refused handshake; None where the HTTP status says enough."""
    if not 400 <= answer.status < 500:
        return None
    error = http_error(answer.status, answer.body)
    if isinstance(error, RateLimitError):
        error.retry_after = seconds_of(answer.headers.get("retry-after"))
    return error


def close_error(code: int | None, reason: str) -> ProviderError | None:
    """What a close means; None where it is the idle close or the end of a stream that we ended."""
    words = reason.strip()[:300]
    if code is None or code == 1006:
        return ConnectionError("The connection to Cartesia broke.", NAME, "1006")
    if code in (1000, 1005):
        return None
    if code in (1001, 1012):
        return _error(ConnectionError, "Cartesia is restarting.", str(code), words)
    if code == 1013:
        return _error(RateLimitError, "Cartesia is busy and asks to come back later.", str(code), words)
    if code == 1008:
        return _error(ConfigurationError, "Cartesia refused this connection.", str(code), words)
    return _error(StreamingError, f"Cartesia closed the connection with code {code}.", str(code), words)


def _error(kind: type[ProviderError], message: str, code: str, words: str) -> ProviderError:
    return kind(f"{message} ({words})" if words else message, NAME, code, vendor_message=words or None)
