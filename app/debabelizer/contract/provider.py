"""What the registry hands out."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import msgspec

from debabelizer.contract.description import ProviderDescription
from debabelizer.contract.stream import EpochContext, StreamOptions, StreamProtocol
from debabelizer.errors import ProviderError

if TYPE_CHECKING:
    import httpx


class HealthState(StrEnum):
    OK = "ok"
    NOT_CONFIGURED = "not_configured"
    MODEL_MISSING = "model_missing"
    FAILED = "failed"


class Health(msgspec.Struct, frozen=True):
    """One sentence on whether the provider would work now, and the error where it would not."""

    state: HealthState
    detail: str
    error: ProviderError | None = None


@runtime_checkable
class Provider(Protocol):
    """Stateless and cheap to make; nothing heavy is imported by making one."""

    @property
    def description(self) -> ProviderDescription: ...

    async def check(self, options: StreamOptions, http: httpx.AsyncClient) -> Health:
        """Would it work now? Tells wrong key, no network, no quota, missing model apart. Never raises
        :class:`ProviderError`; it is in the answer."""
        ...


@runtime_checkable
class SpeechToText(Provider, Protocol):
    def stream(self, options: StreamOptions, context: EpochContext) -> StreamProtocol:
        """The protocol for one new connection. Raises ConfigurationError, UnsupportedLanguageError."""
        ...
