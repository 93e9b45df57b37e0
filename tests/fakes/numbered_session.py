"""A session's reader, and the patience of a test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from debabelizer.contract import StreamLimits
from debabelizer.events import Committed, Corrected, Freeze, Retracted, SegmentId, SessionEvent
from debabelizer.streaming import Session, SessionPolicy, Transports
from fakes.numbered_protocol import NumberedProtocol, tally, unrolled

QUICK = SessionPolicy(
    connect_s=3.0,
    backoff_first_s=0.01,
    backoff_cap_s=0.1,
    half_open_s=0.4,
    idle_ping_s=0.4,
    instant_s=0.05,
    drain_s=5.0,
    close_s=0.5,
    stall_s=1.0,
)
QUICK_LIMITS = StreamLimits(ready_s=2.0, commit_answer_s=2.0, finish_answer_s=1.0, chunk_s=0.02)


def numbered_session(
    target: str,
    *,
    policy: SessionPolicy = QUICK,
    limits: StreamLimits = QUICK_LIMITS,
    transports: Transports | None = None,
    first_epoch: int = 0,
    clock: Callable[[], float] | None = None,
    titles: Mapping[str, str] | None = None,
    **protocol: Any,
) -> Session:
    """With the numbered vendor at ``target``: a WebSocket's or gRPC's address, or a worker's function."""
    kind = NumberedProtocol
    if target.startswith("grpc://"):
        from fakes.numbered_grpc import NumberedGrpcProtocol

        kind = NumberedGrpcProtocol
    return Session(
        lambda context: kind(target, context, limits=limits, **protocol),
        "numbered",
        titles=titles,
        policy=policy,
        first_epoch=first_epoch,
        transports=transports,
        clock=clock,
    )


class Listener:
    """Reads a session's events as they come and keeps the text as a reader would end up with it."""

    def __init__(self, session: Session) -> None:
        self.events: list[SessionEvent] = []
        self.finals: dict[SegmentId, Freeze[SegmentId]] = {}
        self.shown: set[SegmentId] = set()
        self._arrived = asyncio.Event()
        self._task = asyncio.create_task(self._read(session))

    async def _read(self, session: Session) -> None:
        async for event in session.events():
            self.events.append(event)
            if isinstance(event, Committed | Corrected):
                assert isinstance(event, Corrected) == (event.change.segment in self.finals)
                self.finals[event.change.segment] = event.change
                self.shown.discard(event.change.segment)
            elif isinstance(event, Retracted):
                self.finals.pop(event.change.segment, None)
                self.shown.discard(event.change.segment)
            elif hasattr(event, "change"):
                self.shown.add(event.change.segment)
            self._arrived.set()

    async def until(self, condition: Callable[[], object]) -> None:
        while not condition():
            self._arrived.clear()
            await self._arrived.wait()

    async def event(self, kind: type, where: Callable[[SessionEvent], bool] = lambda event: True) -> SessionEvent:
        """The first event of that kind, waiting for it."""
        found: list[SessionEvent] = []

        def there() -> bool:
            found[:] = [event for event in self.events if isinstance(event, kind) and where(event)]
            return bool(found)

        await self.until(there)
        return found[0]

    def of(self, kind: type) -> list[SessionEvent]:
        return [event for event in self.events if isinstance(event, kind)]

    async def end(self) -> None:
        await self._task

    @property
    def texts(self) -> list[str]:
        """The finals in the order of the session's time."""
        return [final.text for final in sorted(self.finals.values(), key=lambda final: (final.start, final.segment))]

    def recognised(self, first: int = 0) -> int:
        """Samples recognised; raises where one is missing, double, out of order, or at the wrong time."""
        end = unrolled(self.texts, first)
        assert not self.shown, f"still shown and not final: {self.shown}"
        return end

    def tally(self, total: int) -> tuple[int, int]:
        """Of so many samples said: how many are missing in the finals, and how many too many."""
        return tally(self.texts, total)
