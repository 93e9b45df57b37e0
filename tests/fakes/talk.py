"""A session under test: what it told, and the transcript that makes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from debabelizer.contract import CommitOutcome, SpeechToText, StreamOptions
from debabelizer.events import Committed, Corrected, Partial, Retracted, SessionEvent
from debabelizer.streaming import Session, SessionPolicy, Transports
from debabelizer.transcript import SegmentMap


class Talk:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.events: list[SessionEvent] = []
        self.map = SegmentMap()
        self._changed = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for event in self.session.events():
            async with self._changed:
                self.events.append(event)
                if isinstance(event, Partial | Committed | Corrected | Retracted):
                    self.map.apply(event.change)
                self._changed.notify_all()

    async def until(self, right: Callable[[Talk], object], timeout_s: float = 10.0) -> None:
        async with asyncio.timeout(timeout_s), self._changed:
            await self._changed.wait_for(lambda: bool(right(self)))

    async def end(self) -> None:
        await self.session.abort()
        await self._reader

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def text(self) -> str:
        return self.map.text

    async def say(self, pcm: bytes) -> None:
        for at in range(0, len(pcm), 3200):
            await self.session.send(pcm[at : at + 3200])

    async def commit(self, outcome: CommitOutcome = CommitOutcome.FINAL) -> str:
        async with asyncio.timeout(20):
            result = await self.session.commit()
        assert result.outcome is outcome, result
        return result.text


@asynccontextmanager
async def talking(
    provider: SpeechToText,
    server: Any,
    options: StreamOptions,
    policy: SessionPolicy,
    transports: Transports | None = None,
) -> AsyncIterator[Talk]:
    """A session with a local vendor, which has nothing to complain of in the end."""
    session = Session(
        lambda context: provider.stream(options, context),
        provider.description.name,
        policy=policy,
        transports=transports,
    )
    it = Talk(session)
    try:
        yield it
    finally:
        await it.end()
        assert not server.problems


def words(first: int, count: int) -> str:
    """What numbered audio says."""
    return " ".join(f"w{number}" for number in range(first, first + count))
