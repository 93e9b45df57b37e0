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
)
from debabelizer_providers.deepgram.description import NAME

INACTIVE = "INACTIVE_CLIENT"
"""Flux's word for a connection without audio."""
_IDLE = "net0001"
_NO_ANSWER = "net0000"
_BAD_AUDIO = "data0000"


def frame_error(code: str, words: str) -> ProviderError:
    """The error of an ``Error`` frame: ``variant`` or ``code``, and the vendor's description."""
    code, words = code.strip()[:100] or "error", words.strip()[:500]
    if code == INACTIVE:
        return ConnectionError(_told("Deepgram got no audio for too long.", words), NAME, code, vendor_message=words)
    return StreamingError(_told(f"Deepgram reported “{code}”.", words), NAME, code, vendor_message=words or None)


def garbage(what: str) -> ProviderError:
    return StreamingError(f"Deepgram sent something that is not its protocol: {what}.", NAME, "garbage")


def close_error(code: int | None, reason: str) -> ProviderError | None:
    """What a close means; None where it is the idle close or the end of a stream that we ended."""
    words = reason.strip()[:300]
    named = "".join(reason.lower().split()).replace("-", "")
    if _IDLE in named:
        return None
    if _NO_ANSWER in named:
        message = "Deepgram understood nothing in the audio for too long."
        return ConnectionError(_told(message, words), NAME, "NET-0000", vendor_message=words)
    if _BAD_AUDIO in named:
        message = "Deepgram cannot decode the audio: encoding or sample rate are not what it was told."
        return ConfigurationError(_told(message, words), NAME, "DATA-0000", vendor_message=words)
    if code is None or code == 1006:
        return ConnectionError("The connection to Deepgram broke.", NAME, "1006")
    if code in (1000, 1005):
        return None
    if code in (1001, 1012):
        return ConnectionError(_told("Deepgram is restarting.", words), NAME, str(code), vendor_message=words or None)
    if code == 1013:
        return RateLimitError(
            _told("Deepgram is busy and asks to come back later.", words), NAME, str(code), vendor_message=words or None
        )
    if code == 1008:
        return ConfigurationError(
            _told("Deepgram refused this connection.", words), NAME, str(code), vendor_message=words or None
        )
    message = f"Deepgram closed the connection with code {code}."
    return StreamingError(_told(message, words), NAME, str(code), vendor_message=words or None)


def refused(answer: Refusal) -> ProviderError | None:
    """The error of a refused handshake, whose ``dg-error`` header says more than its body; None where the HTTP status
    says enough."""
    if not 400 <= answer.status < 500:
        return None
    words = answer.headers.get("dg-error", "")
    body = msgspec.json.encode({"err_msg": words}) if words else answer.body
    error = http_error(answer.status, body)
    if isinstance(error, RateLimitError):
        error.retry_after = seconds_of(answer.headers.get("retry-after"))
    return error


class _HttpAnswer(msgspec.Struct):
    """Both shapes: the older ``err_code`` and ``err_msg``, and ``category``, ``message``, ``details``."""

    err_code: str | None = None
    err_msg: str | None = None
    category: str | None = None
    message: str | None = None
    details: str | None = None


def http_error(status: int, body: bytes) -> ProviderError:
    """The error of an HTTP answer."""
    kind, words = _words(body)
    code = kind or str(status)
    if status == 402 or kind in ("INSUFFICIENT_CREDITS", "ASR_PAYMENT_REQUIRED"):
        message = _told("The Deepgram balance is used up.", words)
        return QuotaExceededError(message, NAME, code, vendor_message=words or None)
    if status == 401:
        return AuthenticationError(
            _told("Deepgram refused the API key.", words), NAME, code, vendor_message=words or None
        )
    if status == 403:
        message = "Deepgram does not let this API key use the chosen model or do this."
        return AuthenticationError(
            _told(message, words), NAME, code, vendor_message=words or None, remedy=Remedy.OPEN_SETTINGS
        )
    if status == 429:
        message = "Deepgram has too many connections from this project."
        return RateLimitError(_told(message, words), NAME, code, vendor_message=words or None)
    if status in (404, 405):
        message = "There is no Deepgram service at this address."
        return ConfigurationError(_told(message, words), NAME, code, vendor_message=words or None)
    if 400 <= status < 500:
        message = "Deepgram refused the settings."
        return ConfigurationError(_told(message, words), NAME, code, vendor_message=words or None)
    message = f"Deepgram answered with HTTP status {status}."
    return StreamingError(_told(message, words), NAME, code, vendor_message=words or None)


def _words(body: bytes) -> tuple[str, str]:
    try:
        answer = msgspec.json.decode(body, type=_HttpAnswer)
    except (ValueError, RecursionError):  # a proxy's page, say: the status has to do
        return "", ""
    told = [part.strip() for part in (answer.err_msg, answer.message, answer.details) if part and part.strip()]
    return answer.err_code or answer.category or "", " ".join(dict.fromkeys(told))[:500]


def _told(message: str, words: str) -> str:
    return f"{message} ({words})" if words else message
