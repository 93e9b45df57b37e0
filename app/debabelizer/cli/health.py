"""Asking a provider whether it would work now."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from debabelizer.config import Settings
    from debabelizer.contract.provider import Health

_PATIENCE = 15.0
"""Seconds a provider has for its answer."""


def health_of(settings: Settings, provider: str) -> Health:
    """Never raises for what the provider answers. Raises ConfigurationError where there is no such provider."""
    return asyncio.run(_check(settings, provider))


async def _check(settings: Settings, provider: str) -> Health:
    import ssl

    import httpx
    import truststore

    from debabelizer import registry
    from debabelizer.contract.provider import Health, HealthState
    from debabelizer.errors import ConnectionError as NoAnswer

    loaded = registry.load(provider)
    trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    async with httpx.AsyncClient(timeout=_PATIENCE, verify=trust, http2=True) as http:
        try:
            async with asyncio.timeout(_PATIENCE + 1):
                return await loaded.check(settings.stream_options(provider), http)
        except TimeoutError:
            error = NoAnswer(f"{loaded.description.title} did not answer within {_PATIENCE:g} s.", provider)
            return Health(HealthState.FAILED, error.message, error)
