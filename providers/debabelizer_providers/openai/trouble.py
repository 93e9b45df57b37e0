"""The vendor's errors in ours, in one place: error frames, failed items, close codes and HTTP answers."""

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
from debabelizer_providers.openai.description import NAME

COMMIT_EMPTY = "input_audio_buffer_commit_empty"

_Kind = tuple[type[ProviderError], str]
_KEY: _Kind = (AuthenticationError, "OpenAI refused the API key.")
_SETTINGS: _Kind = (ConfigurationError, "OpenAI refused the settings of this connection.")
_KINDS: dict[str, _Kind] = {
    "invalid_api_key": _KEY,
    "invalid_authentication": _KEY,
    "authentication_error": _KEY,
    "insufficient_permissions": (AuthenticationError, "The OpenAI API key has no right to transcribe."),
    "unsupported_country_region_territory": (
        UnsupportedError,
        "OpenAI does not serve the country that this connection comes from.",
    ),
    "insufficient_quota": (QuotaExceededError, "The OpenAI credits are used up."),
    "billing_hard_limit_reached": (QuotaExceededError, "The spending limit at OpenAI is reached."),
    "rate_limit_exceeded": (RateLimitError, "OpenAI has too many requests from this project."),
    "invalid_model": (ConfigurationError, "OpenAI does not take this model for live recognition."),
    "model_not_found": (ConfigurationError, "OpenAI knows no such model, or the project may not use it."),
    "invalid_value": _SETTINGS,
    "unknown_parameter": _SETTINGS,
    "missing_required_parameter": _SETTINGS,
    "beta_api_shape_disabled": _SETTINGS,
    "model_not_validated": _SETTINGS,
    "session_expired": (ConnectionError, "OpenAI ended a connection that was open for very long."),
    "server_error": (StreamingError, "OpenAI reported a failure of its own."),
}
_MISPLACED = frozenset({"incorrect_hostname"})
"""The project lives in another region: its host is another."""


class WireError(msgspec.Struct):
    type: str | None = None
    code: str | None = None
    message: str | None = None
    param: str | None = None
    event_id: str | None = None
    """The event of ours that it answers, where it answers one."""

    @property
    def kind(self) -> str:
        return self.code or self.type or "error"

    @property
    def about_a_short_commit(self) -> bool:
        """Speaches sends the vendor's words without the code."""
        return self.code == COMMIT_EMPTY or (
            not self.code and (self.message or "").startswith("Error committing input audio buffer")
        )

    @property
    def known(self) -> bool:
        return self.kind in _KINDS or self.type == "server_error"


def vendor_error(error: WireError) -> ProviderError:
    """The error with the vendor's words kept. Unknown kinds are failures of the service."""
    words = (error.message or "").strip()[:500]
    code = error.kind
    if code in _MISPLACED:
        return _misplaced(words)
    fallback = (
        _KINDS["server_error"] if error.type == "server_error" else (StreamingError, f"OpenAI reported “{code}”.")
    )
    maker, message = _KINDS.get(code, fallback)
    return maker(f"{message} ({words})" if words else message, NAME, code, vendor_message=words or None)


def _misplaced(words: str) -> ProviderError:
    return AuthenticationError(
        f"The OpenAI API key is right, but belongs to another region: enter its address. ({words})",
        NAME,
        "wrong_region",
        vendor_message=words,
        remedy=Remedy.OPEN_SETTINGS,
    )


def failed_item(error: WireError | None) -> ProviderError:
    """An item that could not be transcribed. Its audio is not in any final, and may be sent once more."""
    error = error or WireError()
    if error.kind in _KINDS:
        return vendor_error(error)
    words = (error.message or "").strip()[:500]
    message = "OpenAI could not transcribe a piece of audio."
    return StreamingError(f"{message} ({words})" if words else message, NAME, error.kind, vendor_message=words or None)


def refused(error: WireError) -> ProviderError:
    """An error in answer to our configuration: trying again unchanged does not help."""
    meant = vendor_error(error)
    if not meant.retryable or error.known:
        return meant
    return ConfigurationError(f"{_SETTINGS[1]} ({meant.vendor_message})", NAME, meant.code)


def garbage(what: str) -> ProviderError:
    return StreamingError(f"OpenAI sent something that is not its protocol: {what}.", NAME, "garbage")


def close_error(code: int | None, reason: str) -> ProviderError | None:
    """What a close means; None where it is an idle close. A reason is ``type.code`` where the vendor gives one."""
    kind = reason.strip().rpartition(".")[2]
    if kind in _KINDS or kind in _MISPLACED:
        return vendor_error(WireError(code=kind))
    words = f" ({reason.strip()[:200]})" if reason.strip() else ""
    if code is None or code == 1006:
        return ConnectionError("The connection to OpenAI broke.", NAME, "1006")
    if code in (1000, 1005):
        return None
    if code in (1001, 1012):
        return ConnectionError(f"OpenAI ended the connection or is restarting.{words}", NAME, str(code))
    if code == 1013:
        return RateLimitError(f"OpenAI is busy and asks to come back later.{words}", NAME, str(code))
    if code == 3000:
        return AuthenticationError(f"{_KEY[1]}{words}", NAME, str(code))
    if code in (1008, 4000):
        return ConfigurationError(f"OpenAI refused this connection.{words}", NAME, str(code))
    return StreamingError(f"OpenAI closed the connection with code {code}.{words}", NAME, str(code))


def refused_handshake(answer: Refusal) -> ProviderError | None:
    """The error of a refused handshake; None where the HTTP status says enough."""
    if not 400 <= answer.status < 500:
        return None
    error = http_error(answer.status, answer.body)
    if isinstance(error, RateLimitError):
        error.retry_after = seconds_of(answer.headers.get("retry-after"))
    return error


class _HttpAnswer(msgspec.Struct):
    error: WireError | str | None = None


def http_error(status: int, body: bytes) -> ProviderError:
    """The error of an HTTP answer: ``{"error":{"message","type","param","code"}}``."""
    error = _http_words(body)
    if error.code in _KINDS or error.kind in _MISPLACED:
        return vendor_error(error)
    words = (error.message or "").strip()[:500]
    shown = f" ({words})" if words else ""
    code = error.code or str(status)
    if status in (401, 403):
        _, message = _KEY if status == 401 else _KINDS["insufficient_permissions"]
        return AuthenticationError(f"{message}{shown}", NAME, code, vendor_message=words)
    if status == 402:
        return QuotaExceededError(f"The OpenAI credits are used up.{shown}", NAME, code, vendor_message=words)
    if status == 429:
        return RateLimitError(f"OpenAI has too much to do just now.{shown}", NAME, code, vendor_message=words)
    if status in (404, 405):
        return ConfigurationError(
            f"There is no such service at this address.{shown}", NAME, code, remedy=Remedy.OPEN_SETTINGS
        )
    if 400 <= status < 500:
        return ConfigurationError(f"OpenAI refused the request.{shown}", NAME, code, vendor_message=words)
    return StreamingError(f"OpenAI answered with HTTP status {status}.{shown}", NAME, code, vendor_message=words)


def _http_words(body: bytes) -> WireError:
    try:
        error = msgspec.json.decode(body, type=_HttpAnswer).error
    except (ValueError, RecursionError):  # a proxy's page, say: the status has to do
        return WireError()
    return WireError(message=error) if isinstance(error, str) else error or WireError()
