"""A recording through the same session as dictation, as fast as it is understood."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING

from debabelizer.contract.audio import PCM_16K
from debabelizer.contract.stream import CommitOutcome
from debabelizer.dictation.wording import provider_changed
from debabelizer.errors import ProviderError
from debabelizer.events import (
    Committed,
    Corrected,
    ErrorOccurred,
    Notice,
    Partial,
    ProviderChanged,
    Retracted,
    SessionEvent,
)
from debabelizer.transcriber.answer import OnProgress, Progress, Transcript, TranscriptSegment

if TYPE_CHECKING:
    from debabelizer.audio.decode import Pieces
    from debabelizer.streaming import Session
    from debabelizer.transcript import SegmentMap

_log = logging.getLogger(__name__)

_LONGEST_UTTERANCE = 30.0
"""Seconds after which a file is committed even without a pause: what is understood by then is safe."""
_SHORTEST_UTTERANCE = 4.0
"""Seconds below which a pause is no reason to commit: recognisers understand sentences better than words."""
_PAUSE = 0.6


class LiveJob:
    """One recording on its way through one session."""

    def __init__(self, session: Session, provider: str, total: float | None, on_progress: OnProgress) -> None:
        from debabelizer.audio.speech import SpeechDetector
        from debabelizer.transcript import SegmentMap

        self._session, self._provider, self._total, self._on_progress = session, provider, total, on_progress
        self._map: SegmentMap = SegmentMap()
        self._pauses = SpeechDetector(_PAUSE)
        self.notices: list[str] = []
        self._error: ProviderError | None = None
        self._fed = 0
        self._committed = 0

    async def run(self, pieces: Pieces, stop: asyncio.Event) -> Transcript:
        listening = asyncio.create_task(self._listen())
        complete = False
        try:
            await self._session.connect()
            complete = await self._feed(pieces, stop)
            await self._session.disconnect()
            await listening
        except ProviderError as error:
            if not self._map.text:
                raise
            self._error, complete = error, False
        finally:
            await self._session.abort()
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
        return self._transcript(complete)

    async def _feed(self, pieces: Pieces, stop: asyncio.Event) -> bool:
        """Sends the recording, utterance by utterance, each understood before the next is sent: memory and the
        provider's patience are bounded however long the recording is. False: it was stopped."""
        try:
            async for pcm in _slices(pieces):
                if stop.is_set():
                    return False
                await self._session.send(pcm)
                self._fed += len(pcm)
                if self._is_good_place(pcm):
                    await self._commit()
                self._tell()
        finally:
            await asyncio.to_thread(pieces.close)
        await self._commit()
        self._tell()
        return True

    def _is_good_place(self, pcm: bytes) -> bool:
        paused = any(mark.kind == "ended" for mark in self._pauses.feed(pcm))
        waiting = _seconds(self._fed - self._committed)
        return waiting >= _LONGEST_UTTERANCE or (paused and waiting >= _SHORTEST_UTTERANCE)

    async def _commit(self) -> None:
        self._committed = self._fed
        result = await self._session.commit()
        _log.debug("understood up to %.1f s: %s", _seconds(self._fed), result.outcome)
        if result.outcome in (CommitOutcome.FAILED, CommitOutcome.TIMED_OUT):
            raise result.error or ProviderError("The provider did not answer.", self._provider)

    async def _listen(self) -> None:
        async for event in self._session.events():
            self._take(event)

    def _take(self, event: SessionEvent) -> None:
        match event:
            case (
                Partial(change=change) | Committed(change=change) | Corrected(change=change) | Retracted(change=change)
            ):
                self._map.apply(change)
                self._tell()
            case Notice(text=text):
                self.notices.append(text)
            case ProviderChanged(provider=provider):
                self._provider = provider
                self.notices.append(provider_changed(event))
            case ErrorOccurred(error=error, fatal=True):
                self._error = error
            case _:  # states and speech marks: of no interest to a file
                return

    def _tell(self) -> None:
        self._on_progress(Progress(_seconds(self._fed), self._total, self._map.text))

    def _transcript(self, complete: bool) -> Transcript:
        segments = tuple(
            TranscriptSegment(text=s.text.strip(), start=s.start, end=s.end, language=s.language, words=s.words)
            for s in self._map.segments()
            if s.text.strip()
        )
        return Transcript(
            provider=self._provider,
            text=self._map.text.strip(),
            duration=_seconds(self._fed),
            segments=segments,
            complete=complete,
            error=self._error,
            notices=tuple(self.notices),
        )


_SLICE = PCM_16K.bytes_per_second // 5


async def _slices(pieces: Pieces) -> AsyncIterator[bytes]:
    """Fifths of a second of the recording, whatever the sizes of its pieces; reading and decoding happen in a
    thread."""
    rest = b""
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        rest += piece
        whole = len(rest) - len(rest) % _SLICE
        for at in range(0, whole, _SLICE):
            yield rest[at : at + _SLICE]
        rest = rest[whole:]
    if rest:
        yield rest


def _seconds(size: int) -> float:
    return size / PCM_16K.bytes_per_second
