"""The error tree. Every error knows its category; the category decides retry, failover and wording.

::

    ProviderError                      whatever went wrong, with category, provider and code
    ├── AuthenticationError            auth         the key or token was refused
    ├── QuotaExceededError             quota        credits used up, terms not accepted
    ├── RateLimitError                 rate_limit   too fast or too many; knows retry_after
    ├── ConnectionError                network      no route, refused, dropped, silent
    │   └── CertificateError           the other side cannot prove who it is
    ├── StreamingError                 protocol     the other side said something it should not
    ├── AudioError                     audio        no microphone, lost microphone, unreadable file
    │   ├── UnsupportedFormatError
    │   │   └── DecoderCrashError       the file brought down the process that read it
    │   └── LimitExceededError          longer, larger or harder to read than allowed; knows the setting
    ├── ConfigurationError             config       a setting is missing or wrong
    │   ├── VoiceNotFoundError
    │   ├── TextTooLongError
    │   └── ModelMissingError          the local model is not on this machine
    ├── UnsupportedError               unsupported  this system or provider cannot do that
    │   └── UnsupportedLanguageError
    ├── StorageError                   storage      disk full, folder not writable
    └── InternalError                  internal     a fault of ours; the worker died
"""

from __future__ import annotations

import builtins
from enum import StrEnum


class Category(StrEnum):
    """What kind of trouble it is. ``retryable`` says whether trying again unchanged can help."""

    AUTH = "auth"
    QUOTA = "quota"
    RATE_LIMIT = "rate_limit"
    NETWORK = "network"
    PROTOCOL = "protocol"
    AUDIO = "audio"
    CONFIG = "config"
    UNSUPPORTED = "unsupported"
    STORAGE = "storage"
    INTERNAL = "internal"

    @property
    def retryable(self) -> bool:
        return self in _RETRYABLE


_RETRYABLE = frozenset({Category.RATE_LIMIT, Category.NETWORK, Category.PROTOCOL, Category.INTERNAL})


class Remedy(StrEnum):
    """What the user can do about it; a front end turns each into a button or a sentence."""

    RETRY = "retry"
    SET_KEY = "set_key"
    CHOOSE_PROVIDER = "choose_provider"
    CHOOSE_MICROPHONE = "choose_microphone"
    ALLOW_MICROPHONE = "allow_microphone"
    DOWNLOAD_MODEL = "download_model"
    CHECK_NETWORK = "check_network"
    FREE_DISK_SPACE = "free_disk_space"
    CHANGE_HOTKEY = "change_hotkey"
    OPEN_SETTINGS = "open_settings"
    WAIT = "wait"
    PASTE = "paste"


def sentence(message: str) -> str:
    """Messages come with and without a full stop; this has one, so that another sentence can follow."""
    ended = message.rstrip(")”»\"'")[-1:] in tuple(".!?…。！？")
    return message if ended or not message else f"{message}."


class ProviderError(Exception):
    """Base of all errors of this project.

    ``message`` is for the user: one sentence that names the cause. ``provider`` is the provider's name
    (``"unknown"`` where none is involved), ``code`` the vendor's own code or close code as text,
    ``vendor_message`` the vendor's own words, ``remedy`` the way out.
    """

    category: Category = Category.INTERNAL
    remedy: Remedy | None = Remedy.RETRY

    def __init__(
        self,
        message: str,
        provider: str = "unknown",
        code: str | None = None,
        *,
        vendor_message: str | None = None,
        remedy: Remedy | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.provider = provider
        self.code = code
        self.vendor_message = vendor_message
        if remedy is not None:
            self.remedy = remedy

    @property
    def retryable(self) -> bool:
        """Whether the same attempt can succeed later without anyone changing anything."""
        return self.category.retryable

    def __str__(self) -> str:
        return self.message


class AuthenticationError(ProviderError):
    category = Category.AUTH
    remedy = Remedy.SET_KEY


class QuotaExceededError(ProviderError):
    category = Category.QUOTA
    remedy = Remedy.CHOOSE_PROVIDER


class RateLimitError(ProviderError):
    """``retry_after``: seconds the other side asked us to wait, or None."""

    category = Category.RATE_LIMIT
    remedy = Remedy.WAIT

    def __init__(
        self,
        message: str,
        provider: str = "unknown",
        code: str | None = None,
        *,
        retry_after: float | None = None,
        vendor_message: str | None = None,
        remedy: Remedy | None = None,
    ) -> None:
        super().__init__(message, provider, code, vendor_message=vendor_message, remedy=remedy)
        self.retry_after = retry_after


class ConnectionError(ProviderError, builtins.ConnectionError):  # noqa: A001 - the public name of 1.x
    category = Category.NETWORK
    remedy = Remedy.CHECK_NETWORK


class CertificateError(ConnectionError):
    """It stays untrusted until somebody changes a store, a clock or an address: trying again shows nothing new."""

    @property
    def retryable(self) -> bool:
        return False


class StreamingError(ProviderError):
    category = Category.PROTOCOL


class AudioError(ProviderError):
    category = Category.AUDIO
    remedy: Remedy | None = Remedy.CHOOSE_MICROPHONE


class UnsupportedFormatError(AudioError):
    remedy = None


class DecoderCrashError(UnsupportedFormatError):
    """``code``: the signal or exit code of the process that read the file."""


class LimitExceededError(AudioError):
    """``setting``: the key of the setting that allows more; None where none does."""

    remedy: Remedy | None = Remedy.OPEN_SETTINGS

    def __init__(self, message: str, *, setting: str | None = None) -> None:
        super().__init__(message if setting is None else f"{message} The setting {setting} allows more.")
        self.setting = setting
        if setting is None:
            self.remedy = None


class ConfigurationError(ProviderError):
    category = Category.CONFIG
    remedy: Remedy | None = Remedy.OPEN_SETTINGS


class VoiceNotFoundError(ConfigurationError):
    remedy = None


class TextTooLongError(ConfigurationError):
    """``max_length``: characters the provider takes in one request."""

    def __init__(
        self,
        message: str,
        provider: str = "unknown",
        code: str | None = None,
        *,
        max_length: int | None = None,
    ) -> None:
        super().__init__(message, provider, code)
        self.max_length = max_length


class ModelMissingError(ConfigurationError):
    remedy = Remedy.DOWNLOAD_MODEL


class UnsupportedError(ProviderError):
    category = Category.UNSUPPORTED
    remedy = Remedy.CHOOSE_PROVIDER


class UnsupportedLanguageError(UnsupportedError):
    pass


class StorageError(ProviderError):
    category = Category.STORAGE
    remedy = Remedy.FREE_DISK_SPACE


class InternalError(ProviderError):
    category = Category.INTERNAL


def of_category(category: Category, message: str, provider: str = "unknown") -> ProviderError:
    """An error that came in writing, from a file or another process: of the plainest kind of its category."""
    kinds = (
        AuthenticationError,
        ConfigurationError,
        StreamingError,
        UnsupportedError,
        AudioError,
        StorageError,
        QuotaExceededError,
        RateLimitError,
        ConnectionError,
    )
    kind: type[ProviderError] = next((kind for kind in kinds if kind.category is category), InternalError)
    return kind(message, provider)
