"""Events on their way to a reader that may be slow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from debabelizer.events import (
    Append,
    Closed,
    Committed,
    Corrected,
    Partial,
    Replace,
    Retracted,
    SegmentId,
    SessionEvent,
    Tail,
)

PartialChange = Replace[SegmentId] | Append[SegmentId] | Tail[SegmentId]
_Kind = Callable[..., Replace[SegmentId] | Append[SegmentId]]
"""The bare class: a subscripted one takes several times as long to call."""


class EventQueue:
    """In order, for one reader, until :class:`Closed` was given out. Partials of one segment coalesce while they wait,
    everything else is kept; whoever fills the queue from a connection first waits for ``room()``, so that a flood is
    held back at the socket."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._events: dict[int, SessionEvent] = {}
        self._partials: dict[SegmentId, int] = {}
        self._next = 0
        self._reader: asyncio.Future[None] | None = None
        """Waits for an event."""
        self._room = asyncio.Event()
        self._room.set()
        self.full = False
        """Whoever fills the queue has to wait for ``room()``."""
        self.closed = False

    def __len__(self) -> int:
        return len(self._events)

    def put(self, event: SessionEvent) -> None:
        if self.closed:
            return
        if isinstance(event, Partial):
            segment = event.change.segment
            if segment in self._partials:
                self._coalesce(self._partials[segment], event)
                return
            self._partials[segment] = self._next
        elif isinstance(event, Committed | Corrected | Retracted):
            stale = self._partials.pop(event.change.segment, None)
            # The final says it all; a retraction still has to reach whoever has seen earlier text.
            if stale is not None:
                del self._events[stale]
        elif isinstance(event, Closed):
            self.closed = True
        self._events[self._next] = event
        self._next += 1
        if len(self._events) >= self._limit or self.closed:
            self._mind_room()
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def _coalesce(self, waiting: int, event: Partial) -> None:
        """Make it part of the one that waits."""
        earlier = self._events[waiting]
        assert isinstance(earlier, Partial)
        both = merged(earlier.change, event.change)
        self._events[waiting] = event if both is event.change else Partial(change=both)

    def _mind_room(self) -> None:
        self.full = not self.closed and len(self._events) >= self._limit
        if self.full:
            self._room.clear()
        else:
            self._room.set()

    async def room(self) -> None:
        """Returns when the reader has caught up enough, or the queue is closed."""
        await self._room.wait()

    def __aiter__(self) -> EventQueue:
        return self

    async def __anext__(self) -> SessionEvent:
        while not self._events:
            if self.closed:
                raise StopAsyncIteration
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        number = next(iter(self._events))
        event = self._events.pop(number)
        if isinstance(event, Partial) and self._partials.get(event.change.segment) == number:
            del self._partials[event.change.segment]
        if self.full:
            self._mind_room()
        return event


def merged(earlier: PartialChange, later: PartialChange) -> PartialChange:
    """One change with the effect of both."""
    if not isinstance(later, Append):
        return later
    if isinstance(earlier, Tail):
        return Tail(
            segment=earlier.segment,
            frozen=earlier.frozen,
            volatile=earlier.volatile + later.text,
            joining=earlier.joining,
            start=earlier.start,
            after=earlier.after,
        )
    kind: _Kind = Replace if isinstance(earlier, Replace) else Append
    return kind(
        segment=earlier.segment,
        text=earlier.text + later.text,
        joining=earlier.joining,
        start=earlier.start,
        after=earlier.after,
    )
