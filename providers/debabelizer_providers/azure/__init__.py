"""Azure Speech: live speech-to-text in turns over one long-lived WebSocket, and whole recordings over HTTP.

``description`` holds the dated facts, ``languages`` the locales, ``address`` the hosts of region, resource and
sovereign cloud, ``connect`` turns options into a plan, ``wire`` knows the framing and what comes back, ``trouble`` maps
the vendor's errors, ``turn`` keeps account of one turn, ``stream`` is the protocol, ``health`` asks whether it would
work now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from debabelizer.contract import EpochContext, Health, StreamOptions, StreamProtocol
from debabelizer_providers.azure.description import DESCRIPTION

if TYPE_CHECKING:
    import httpx

__all__ = ["Azure"]


class Azure:
    description = DESCRIPTION

    def stream(self, options: StreamOptions, context: EpochContext) -> StreamProtocol:
        """Raises ConfigurationError (key missing, wrong address), UnsupportedLanguageError."""
        from debabelizer_providers.azure.connect import plan
        from debabelizer_providers.azure.stream import AzureStream

        return AzureStream(plan(options), context)

    async def check(self, options: StreamOptions, http: httpx.AsyncClient) -> Health:
        from debabelizer_providers.azure.health import check

        return await check(options, http)
