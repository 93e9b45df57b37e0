"""Sessions of one processor while they live: speech that is heard, text that is spoken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from debabelizer.library.bases import STTProvider
    from debabelizer.library.processor import VoiceProcessor
    from debabelizer.library.results import StreamingResult


@dataclass
class Stream:
    """A live session: who listens, whether it was stopped, and whether all that was heard has been read."""

    provider: STTProvider
    stopped: bool = False
    read: bool = False


class Speech:
    """A text on its way to becoming sound, which is made as it is asked for."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces
        self._one_at_a_time = asyncio.Lock()

    async def next(self) -> bytes:
        async with self._one_at_a_time:
            return await anext(self._pieces, b"")

    async def end(self) -> None:
        async with self._one_at_a_time:
            await self._pieces.aclose()  # type: ignore[attr-defined]


class Live:
    """One live session of a processor."""

    def __init__(self, processor: VoiceProcessor, session_id: str) -> None:
        self._processor = processor
        self.session_id = session_id

    async def send(self, audio: bytes) -> None:
        await self._processor.stream_audio(self.session_id, audio)

    async def stop(self) -> None:
        """No more audio: the results end when the last word is told."""
        await self._processor.stop_streaming_transcription(self.session_id)

    def results(self) -> AsyncIterator[StreamingResult]:
        return self._processor.get_streaming_results(self.session_id)
