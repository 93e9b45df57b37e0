"""The vendor's errors in ours, in one place: how a call ended, and HTTP answers. Both have the same codes and words.

Source: https://cloud.google.com/apis/design/errors, and the reasons of ``google.rpc.ErrorInfo``.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import msgspec

from debabelizer.contract import GrpcCode, GrpcStatus, status_error
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    Remedy,
    StreamingError,
    UnsupportedLanguageError,
)
from debabelizer_providers.google.description import NAME, TITLE
from debabelizer_providers.google.library import load

_NO_AUDIO = re.compile(r"audio timeout|without audio|no audio|long duration elapsed", re.IGNORECASE)
_WORN_OUT = re.compile(r"maximum allowed stream duration|stream timed out|max duration", re.IGNORECASE)
_TOO_FAST = re.compile(r"too fast|real ?time", re.IGNORECASE)
_BAD_KEY = re.compile(r"api key (not valid|expired)|api_key_invalid", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"does not exist in the location|unsupported for location|expected resource location|no longer generally available"
    r"|not available in (the )?location",
    re.IGNORECASE,
)
_FEATURE = re.compile(r"does not support feature:? ?([a-z_]+)?|unsupported fields", re.IGNORECASE)
_LANGUAGE = re.compile(r"language(_code|s?)\b.*(not supported|unsupported|invalid)|bad language code", re.IGNORECASE)
_BILLING = re.compile(r"billing", re.IGNORECASE)
_DAILY = re.compile(r"per day|per month|free tier", re.IGNORECASE)


def ends_well(code: int | None, words: str) -> bool:
    """Whether a call ended as calls here end: worn out, or idle for too long. The next one just goes on."""
    if code in (GrpcCode.OK, GrpcCode.ABORTED):
        return True
    return code == GrpcCode.OUT_OF_RANGE and bool(_NO_AUDIO.search(words) or _WORN_OUT.search(words))


def call_error(status: GrpcStatus) -> ProviderError:
    """What a status means."""
    reason, retry_after = _details(status.details)
    return _error(status, reason, retry_after)


def garbage(what: str) -> ProviderError:
    return StreamingError(f"Google sent something that is not its protocol: {what}.", NAME, "garbage")


class _Body(msgspec.Struct):
    class Error(msgspec.Struct):
        message: str = ""
        status: str = ""
        details: list[dict[str, Any]] = []

    error: Error


_CODES_OF_HTTP = {400: 3, 401: 16, 403: 7, 404: 5, 409: 10, 429: 8, 499: 1, 500: 13, 501: 12, 503: 14, 504: 4}


def http_error(status: int, body: bytes, retry_after: float | None = None) -> ProviderError:
    """The error of an HTTP answer. ``retry_after``: what its header says, seconds."""
    code = _CODES_OF_HTTP.get(status, 14 if status >= 500 else 2)
    try:
        told = msgspec.json.decode(body, type=_Body).error
    except (ValueError, RecursionError):  # a proxy's page, say: the status has to do
        return call_error(GrpcStatus(code, f"HTTP {status}"))
    code = next((int(known) for known in GrpcCode if known.name == told.status), code)
    reason = next((str(one["reason"]) for one in told.details if isinstance(one.get("reason"), str)), "")
    delay = next((str(one["retryDelay"]) for one in told.details if isinstance(one.get("retryDelay"), str)), "")
    return _error(GrpcStatus(code, told.message[:500]), reason, seconds(delay) or retry_after)


def seconds(duration: str) -> float | None:
    """Of the JSON form of a Duration (``1.8s``)."""
    try:
        return float(duration.removesuffix("s")) if duration else None
    except ValueError:
        return None


def _details(details: bytes) -> tuple[str, float | None]:
    """Reason and delay of a ``google.rpc.Status``."""
    if not details:
        return "", None
    kinds, statuses = load("google.rpc.error_details_pb2"), load("google.rpc.status_pb2")
    reason, delay = "", None
    with suppress(load("google.protobuf.message").DecodeError):
        for packed in statuses.Status.FromString(details).details:
            info, retry = kinds.ErrorInfo(), kinds.RetryInfo()
            if packed.Unpack(info):
                reason = info.reason
            elif packed.Unpack(retry):
                delay = retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9
    return reason, delay


def _error(status: GrpcStatus, reason: str, retry_after: float | None) -> ProviderError:
    words = status.message.strip()[:500]
    code = reason or GrpcCode.named(status.code)
    vendor = words or None
    if reason in ("API_KEY_INVALID", "API_KEY_EXPIRED") or _BAD_KEY.search(words):
        return AuthenticationError(_told("Google refused the API key.", words), NAME, code, vendor_message=vendor)
    match status.code:
        case GrpcCode.INVALID_ARGUMENT:
            return _refused_settings(words, code)
        case GrpcCode.PERMISSION_DENIED:
            return _denied(words, code)
        case GrpcCode.RESOURCE_EXHAUSTED if _DAILY.search(words):
            message = _told("The quota at Google is used up.", words)
            return QuotaExceededError(message, NAME, code, vendor_message=vendor)
        case GrpcCode.RESOURCE_EXHAUSTED:
            message = _told("Google has too many requests from this project.", words)
            return RateLimitError(message, NAME, code, retry_after=retry_after, vendor_message=vendor)
        case GrpcCode.OUT_OF_RANGE if _TOO_FAST.search(words):
            return RateLimitError(_told("Google got audio too fast.", words), NAME, code, vendor_message=vendor)
        case GrpcCode.NOT_FOUND if words and "HTTP" not in words:
            message = _told("Google does not know this project, region or recognizer.", words)
            return ConfigurationError(message, NAME, code, vendor_message=vendor)
        case _:
            return status_error(status, NAME, TITLE)


def _refused_settings(words: str, code: str) -> ProviderError:
    vendor = words or None
    if _TOO_FAST.search(words):
        return RateLimitError(_told("Google got audio too fast.", words), NAME, code, vendor_message=vendor)
    if _ELSEWHERE.search(words):
        message = _told("Google does not offer this model in this region: “Automatic” takes one that has it.", words)
        return ConfigurationError(message, NAME, "wrong_region", vendor_message=vendor)
    if _FEATURE.search(words):
        message = _told("Google's model does not know one of the settings: switch it off.", words)
        return ConfigurationError(message, NAME, "unsupported_feature", vendor_message=vendor)
    if _LANGUAGE.search(words):
        message = _told("Google's model does not recognise this language.", words)
        return UnsupportedLanguageError(message, NAME, code, vendor_message=vendor)
    return ConfigurationError(_told("Google refused the settings.", words), NAME, code, vendor_message=vendor)


def _denied(words: str, code: str) -> ProviderError:
    vendor = words or None
    if _ELSEWHERE.search(words):
        return _refused_settings(words, code)
    if code == "BILLING_DISABLED" or _BILLING.search(words):
        message = _told("Billing is not switched on for this Google project.", words)
        return QuotaExceededError(message, NAME, code, vendor_message=vendor)
    message = "Google does not let this account recognise speech: the interface is off, or the role is missing."
    return AuthenticationError(_told(message, words), NAME, code, vendor_message=vendor, remedy=Remedy.OPEN_SETTINGS)


def _told(message: str, words: str) -> str:
    return f"{message} ({words})" if words else message
