"""Soniox: live speech-to-text over one long-lived WebSocket, and whole recordings, in some sixty languages mixed as
they come.

``description`` holds the dated facts, ``languages`` the codes, ``connect`` and ``context`` turn options into an address
and a start message, ``wire`` decodes what comes back, ``tokens`` makes text of it, ``translation`` keeps translations
apart, ``trouble`` maps the vendor's errors, ``stream`` is the live protocol, ``rest`` and ``files`` are for whole
recordings, ``health`` asks whether it would work now.
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
from debabelizer_providers.soniox.description import DESCRIPTION

if TYPE_CHECKING:
    import httpx

__all__ = ["Soniox"]


class Soniox:
    description = DESCRIPTION

    def stream(self, options: StreamOptions, context: EpochContext) -> StreamProtocol:
        """Raises ConfigurationError (key missing, wrong address), UnsupportedLanguageError."""
        from debabelizer_providers.soniox.connect import plan
        from debabelizer_providers.soniox.stream import Stream

        return Stream(plan(options), context)

    def file_limits(self, options: StreamOptions) -> FileLimits:
        from debabelizer_providers.soniox.files import LIMITS

        return LIMITS

    async def transcribe_file(
        self, recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell
    ) -> FileTranscript:
        from debabelizer_providers.soniox.files import transcribe

        return await transcribe(recording, options, desk, tell)

    async def check(self, options: StreamOptions, http: httpx.AsyncClient) -> Health:
        from debabelizer_providers.soniox.health import check

        return await check(options, http)
