"""OpenAI: realtime transcription over one long-lived WebSocket, and whole recordings over HTTP, at OpenAI itself and at
compatible servers.

``description`` holds the dated facts, ``dialects`` how compatible servers differ, ``connect`` turns options into an
address and a configuration, ``wire`` decodes what comes back, ``trouble`` maps errors, ``items`` keeps the order of
items and whose commits they answer, ``realtime`` and ``vllm`` are the protocols, ``files`` sends whole recordings and
``file_answers`` reads what comes back; ``health`` asks whether it would work.
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
from debabelizer_providers.openai.description import DESCRIPTION

if TYPE_CHECKING:
    import httpx

__all__ = ["OpenAI"]


class OpenAI:
    description = DESCRIPTION

    def stream(self, options: StreamOptions, context: EpochContext) -> StreamProtocol:
        """Raises ConfigurationError (no key, no address, unknown form), UnsupportedLanguageError."""
        from debabelizer_providers.openai.connect import plan
        from debabelizer_providers.openai.dialects import Shape

        wanted = plan(options)
        if wanted.dialect.shape is Shape.VLLM:
            from debabelizer_providers.openai.vllm import Vllm

            return Vllm(wanted)
        from debabelizer_providers.openai.realtime import Realtime

        return Realtime(wanted, context)

    def file_limits(self, options: StreamOptions) -> FileLimits:
        from debabelizer_providers.openai.files import limits

        return limits(options)

    async def transcribe_file(
        self, recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell
    ) -> FileTranscript:
        from debabelizer_providers.openai.files import transcribe

        return await transcribe(recording, options, desk, tell)

    async def check(self, options: StreamOptions, http: httpx.AsyncClient) -> Health:
        from debabelizer_providers.openai.health import check

        return await check(options, http)
