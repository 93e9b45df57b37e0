"""Deepgram: live speech-to-text over one long-lived WebSocket, with Nova models and with Flux, and whole recordings
over HTTP.

``description`` holds the dated facts, ``languages`` which model knows what, ``connect`` turns options into an address,
``wire`` decodes what comes back, ``trouble`` maps the vendor's errors, ``commits`` tells whose commit was answered,
``nova`` and ``flux`` are the protocols, ``files`` sends whole recordings, ``health`` asks whether it would work now.
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
from debabelizer_providers.deepgram.description import DESCRIPTION

if TYPE_CHECKING:
    import httpx

__all__ = ["Deepgram"]


class Deepgram:
    description = DESCRIPTION

    def stream(self, options: StreamOptions, context: EpochContext) -> StreamProtocol:
        """Raises ConfigurationError (key missing, wrong address), UnsupportedLanguageError."""
        from debabelizer_providers.deepgram.connect import plan

        wanted = plan(options)
        if wanted.flux:
            from debabelizer_providers.deepgram.flux import Flux

            return Flux(wanted, context)
        from debabelizer_providers.deepgram.nova import Nova

        return Nova(wanted, context)

    def file_limits(self, options: StreamOptions) -> FileLimits:
        from debabelizer_providers.deepgram.files import limits

        return limits(options)

    async def transcribe_file(
        self, recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell
    ) -> FileTranscript:
        from debabelizer_providers.deepgram.files import transcribe

        return await transcribe(recording, options, desk, tell)

    async def check(self, options: StreamOptions, http: httpx.AsyncClient) -> Health:
        from debabelizer_providers.deepgram.health import check

        return await check(options, http)
