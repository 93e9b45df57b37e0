"""Asking a provider whether it would work now."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from debabelizer.config import Settings
    from debabelizer.contract.provider import Health

_PATIENCE = 15.0
"""Seconds a provider has for its answer."""

_log = logging.getLogger(__name__)


def health_of(settings: Settings, provider: str) -> Health:
    """Never raises for what the provider does. Raises ConfigurationError where there is no such provider."""
    return asyncio.run(_check(settings, provider))


async def _check(settings: Settings, provider: str) -> Health:
    import ssl

    import httpx
    import truststore

    from debabelizer import registry
    from debabelizer.contract.provider import Health, HealthState
    from debabelizer.errors import ConnectionError as NoAnswer
    from debabelizer.errors import InternalError

    loaded = registry.load(provider)
    trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    async with httpx.AsyncClient(timeout=_PATIENCE, verify=trust, http2=True) as http:
        try:
            async with asyncio.timeout(_PATIENCE + 1):
                return await loaded.check(settings.stream_options(provider), http)
        except TimeoutError:
            error = NoAnswer(f"{loaded.description.title} did not answer within {_PATIENCE:g} s.", provider)
            return Health(HealthState.FAILED, error.message, error)
        except Exception as problem:  # noqa: BLE001 - another's code: whatever it raises, the others are still asked
            _log.exception("the health check of %s failed", provider)
            detail = f"{loaded.description.title} could not be checked: {type(problem).__name__}. The log says more."
            return Health(HealthState.FAILED, detail, InternalError(detail, provider))
