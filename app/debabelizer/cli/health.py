"""Asking a provider whether it would work now."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from debabelizer.config import Settings
    from debabelizer.contract.provider import Health


def health_of(settings: Settings, provider: str) -> Health:
    """Never raises for what the provider does. Raises ConfigurationError where there is no such provider."""
    return asyncio.run(_check(settings, provider))


async def _check(settings: Settings, provider: str) -> Health:
    from debabelizer import registry
    from debabelizer.streaming.health import health
    from debabelizer.streaming.transports import default_transports

    return await health(registry.load(provider), settings.stream_options, default_transports().http)
