"""ElevenLabs: Scribe realtime speech-to-text over one long-lived WebSocket, and whole recordings over HTTP.

``description`` holds the dated facts, ``connect`` turns options into an address, ``wire`` decodes what comes back,
``trouble`` maps the vendor's errors, ``segments`` numbers and pairs the commits, ``realtime`` is the protocol,
``files`` sends whole recordings, ``health`` asks whether it would work now.
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

    def file_limits(self, options: StreamOptions) -> FileLimits:
        from debabelizer_providers.elevenlabs.files import limits

        return limits(options)

    async def transcribe_file(
        self, recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell
    ) -> FileTranscript:
        from debabelizer_providers.elevenlabs.files import transcribe

        return await transcribe(recording, options, desk, tell)

    async def check(self, options: StreamOptions, http: httpx.AsyncClient) -> Health:
        from debabelizer_providers.elevenlabs.health import check

        return await check(options, http)
