"""The one interface between the supervisor and a transport: WebSocket, worker process, and later gRPC."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from debabelizer.contract.stream import WebSocketOpening, WireMessage, WorkerOpening
from debabelizer.errors import ProviderError

if TYPE_CHECKING:
    from debabelizer.streaming.transports.pool import WorkerPool


class LinkClosed(Exception):  # noqa: N818 - what happened, not necessarily an error
    """The connection is over. ``code`` and ``reason`` are the close frame's (None: there was none), ``error``
    what the transport itself knows to have gone wrong."""

    def __init__(self, code: int | None = None, reason: str = "", error: ProviderError | None = None) -> None:
        super().__init__(f"closed: {code} {reason}".strip())
        self.code = code
        self.reason = reason
        self.error = error


class Link(Protocol):
    """One physical connection: messages in order, both ways. Every method raises :class:`LinkClosed` once the
    connection is over, ``close`` and ``abort`` excepted."""

    async def send(self, message: WireMessage) -> None:
        """Returns when there is room for the next one."""
        ...

    async def receive(self) -> WireMessage: ...

    async def ping(self) -> None:
        """Returns when the other side has answered."""
        ...

    async def close(self) -> None:
        """The polite end. The caller sets the deadline and aborts after it."""
        ...

    async def abort(self) -> None:
        """The end at once, without a word."""
        ...


class Transports:
    """Opens links. One per event loop; it owns the pool of worker processes."""

    def __init__(self) -> None:
        self._pool: WorkerPool | None = None

    @property
    def pool(self) -> WorkerPool:
        if self._pool is None:
            from debabelizer.streaming.transports.pool import WorkerPool

            self._pool = WorkerPool()
        return self._pool

    async def open(self, opening: WebSocketOpening | WorkerOpening, provider: str) -> Link:
        """Raises :class:`ProviderError` with cause and remedy. The caller sets the deadline."""
        if isinstance(opening, WorkerOpening):
            return await self.pool.open(opening, provider)
        from debabelizer.streaming.transports.websocket import open_websocket

        return await open_websocket(opening, provider)

    async def close(self) -> None:
        """End all worker processes."""
        if self._pool is not None:
            await self._pool.close()


class _OfALoop:
    """The transports of one loop, closed with it by the way all asynchronous generators of a loop are
    (``asyncio.run`` does so): no front end can forget it, and no process outlives its loop."""

    def __init__(self) -> None:
        self.transports = Transports()
        self._at_end = self._until_the_loop_ends()
        with contextlib.suppress(StopIteration):
            self._at_end.__anext__().send(None)  # runs up to its yield, without waiting for anything

    async def _until_the_loop_ends(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            await self.transports.close()


_per_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _OfALoop] = WeakKeyDictionary()


def default_transports() -> Transports:
    """Those of the running loop. They are closed when it ends; whoever wants it sooner closes them."""
    loop = asyncio.get_running_loop()
    mine = _per_loop.get(loop)
    if mine is None:
        mine = _per_loop[loop] = _OfALoop()
    return mine.transports
