"""Events on their way to a reader that may be slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

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
    """In order. Partials of one segment coalesce while they wait, everything else is kept; whoever fills the
    queue from a connection first waits for ``room()``, so that a flood is held back at the socket."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._events: dict[int, SessionEvent] = {}
        self._partials: dict[SegmentId, int] = {}
        self._next = 0
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self.closed = False

    def __len__(self) -> int:
        return len(self._events)

    def put(self, event: SessionEvent) -> None:
        if self.closed:
            return
        if isinstance(event, Partial):
            self._put_partial(event)
        else:
            if isinstance(event, Committed | Corrected | Retracted):
                stale = self._partials.pop(event.change.segment, None)
                # The final says it all; a retraction still has to reach whoever has seen earlier text.
                if stale is not None:
                    del self._events[stale]
            self._append(event)
            self.closed = isinstance(event, Closed)
        self._arrived.set()
        if len(self._events) >= self._limit:
            self._room.clear()

    def _put_partial(self, event: Partial) -> None:
        segment = event.change.segment
        waiting = self._partials.get(segment)
        if waiting is None:
            self._partials[segment] = self._append(event)
            return
        earlier = self._events[waiting]
        assert isinstance(earlier, Partial)
        self._events[waiting] = Partial(change=merged(earlier.change, event.change))

    def _append(self, event: SessionEvent) -> int:
        number = self._next
        self._next += 1
        self._events[number] = event
        return number

    @property
    def full(self) -> bool:
        """Whoever fills the queue has to wait for ``room()``."""
        return not self.closed and not self._room.is_set()

    async def room(self) -> None:
        """Returns when the reader has caught up enough, or the queue is closed."""
        if not self.closed:
            await self._room.wait()

    async def get(self) -> SessionEvent | None:
        """The next event; None after :class:`Closed` was given out."""
        while not self._events:
            if self.closed:
                return None
            self._arrived.clear()
            await self._arrived.wait()
        number = next(iter(self._events))
        event = self._events.pop(number)
        if isinstance(event, Partial) and self._partials.get(event.change.segment) == number:
            del self._partials[event.change.segment]
        if len(self._events) < self._limit:
            self._room.set()
        if not self._events and self.closed:
            self._arrived.set()
        return event

    async def iterate(self) -> AsyncIterator[SessionEvent]:
        while (event := await self.get()) is not None:
            yield event


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
