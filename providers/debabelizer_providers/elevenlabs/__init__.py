"""ElevenLabs: Scribe realtime speech-to-text over one long-lived WebSocket.

``description`` holds the dated facts, ``connect`` turns options into an address, ``wire`` decodes what comes back,
``trouble`` maps the vendor's errors, ``segments`` numbers and pairs the commits, ``realtime`` is the protocol,
``health`` asks whether it would work now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from debabelizer.contract import EpochContext, Health, StreamOptions, StreamProtocol
from debabelizer_providers.elevenlabs.description import DESCRIPTION

if TYPE_CHECKING:
    import httpx

__all__ = ["ElevenLabs"]


class ElevenLabs:
    description = DESCRIPTION

    def stream(self, options: StreamOptions, context: EpochContext) -> StreamProtocol:
        """Raises ConfigurationError (key missing, settings that exclude each other), UnsupportedLanguageError."""
        from debabelizer_providers.elevenlabs.realtime import Realtime

        return Realtime(options, context)

    async def check(self, options: StreamOptions, http: httpx.AsyncClient) -> Health:
        from debabelizer_providers.elevenlabs.health import check

        return await check(options, http)
