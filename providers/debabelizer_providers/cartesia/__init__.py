"""Cartesia: live speech-to-text with Ink over one long-lived WebSocket, and whole recordings over HTTP.

``description`` holds the dated facts, ``languages`` which model knows what, ``connect`` turns options into an address,
``wire`` decodes what comes back, ``trouble`` maps the vendor's errors, ``manual`` is the protocol for push-to-talk
(``utterance`` puts its text together), ``turns`` the one for hands-free speech (``sound`` finds where a turn ended),
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
from debabelizer_providers.cartesia.description import DESCRIPTION

if TYPE_CHECKING:
    import httpx

__all__ = ["Cartesia"]


class Cartesia:
    description = DESCRIPTION

    def stream(self, options: StreamOptions, context: EpochContext) -> StreamProtocol:
        """Raises ConfigurationError (key missing, wrong address), UnsupportedLanguageError."""
        from debabelizer_providers.cartesia.connect import plan

        wanted = plan(options)
        if wanted.turns:
            from debabelizer_providers.cartesia.turns import Turns

            return Turns(wanted, context)
        from debabelizer_providers.cartesia.manual import Manual

        return Manual(wanted, context)

    def file_limits(self, options: StreamOptions) -> FileLimits:
        from debabelizer_providers.cartesia.files import limits

        return limits()

    async def transcribe_file(
        self, recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell
    ) -> FileTranscript:
        from debabelizer_providers.cartesia.files import transcribe

        return await transcribe(recording, options, desk, tell)

    async def check(self, options: StreamOptions, http: httpx.AsyncClient) -> Health:
        from debabelizer_providers.cartesia.health import check

        return await check(options, http)
