"""Google Cloud: live speech-to-text over gRPC, versions 1 and 2 of its interface, with Google's own library.

``description`` holds the dated facts, ``languages`` the vendor's codes, ``connect`` turns options into a plan and
``config`` into the vendor's settings, ``account`` says who calls, ``library`` loads what is Google's, ``wire`` decodes
what comes back, ``trouble`` maps the vendor's errors, ``streaming`` is the protocol, ``rest`` the other interface, for
``files`` and, in a bucket, ``batch``; ``health`` asks whether it would work now.
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
from debabelizer_providers.google.description import DESCRIPTION

if TYPE_CHECKING:
    import httpx

__all__ = ["Google"]


class Google:
    description = DESCRIPTION

    def stream(self, options: StreamOptions, context: EpochContext) -> StreamProtocol:
        """Raises ConfigurationError (library or key missing, wrong address), UnsupportedLanguageError."""
        from debabelizer_providers.google.connect import plan
        from debabelizer_providers.google.streaming import Stream

        return Stream(plan(options), context)

    def file_limits(self, options: StreamOptions) -> FileLimits:
        """Raises as :meth:`stream`."""
        from debabelizer_providers.google.files import limits

        return limits(options)

    async def transcribe_file(
        self, recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell
    ) -> FileTranscript:
        from debabelizer_providers.google.files import transcribe

        return await transcribe(recording, options, desk, tell)

    async def check(self, options: StreamOptions, http: httpx.AsyncClient) -> Health:
        from debabelizer_providers.google.health import check

        return await check(options, http)
