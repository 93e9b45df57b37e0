"""Azure Speech: live speech-to-text in turns over one long-lived WebSocket, and whole recordings over HTTP.

``description`` holds the dated facts, ``languages`` the locales, ``address`` the hosts of region, resource and
sovereign cloud, ``connect`` turns options into a plan, ``wire`` knows the framing and what comes back, ``trouble`` maps
the vendor's errors, ``turn`` keeps account of one turn, ``stream`` is the protocol, ``health`` asks whether it would
work now, ``files`` and ``short`` are the two services for whole recordings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from debabelizer.contract import (
    EpochContext,
    FileDesk,
    FileLimits,
    FileTranscript,
    Health,
    Recording,
    StreamOptions,
    StreamProtocol,
    Tell,
)
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

    def file_limits(self, options: StreamOptions) -> FileLimits:
        from debabelizer_providers.azure.files import limits

        return limits(options)

    async def transcribe_file(
        self, recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell
    ) -> FileTranscript:
        from debabelizer_providers.azure.connect import setting

        if setting(options, "file_service") == "short" and not options.translate_to:
            from debabelizer_providers.azure.short import transcribe as transcribe_short

            return await transcribe_short(recording, options, desk, tell)
        from debabelizer_providers.azure.files import transcribe

        return await transcribe(recording, options, desk, tell)

    async def check(self, options: StreamOptions, http: httpx.AsyncClient) -> Health:
        from debabelizer_providers.azure.health import check

        return await check(options, http)
