"""The one interface between the supervisor and a transport: WebSocket, gRPC call, worker process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from debabelizer.contract.grpc import GrpcOpening
from debabelizer.contract.stream import DirectOpening, Failure, StreamProtocol, WireMessage, WorkerOpening
from debabelizer.errors import ProviderError
from debabelizer.streaming.transports.gate import Gate

if TYPE_CHECKING:
    import httpx

    from debabelizer.streaming.transports.grpc_channels import GrpcChannels
    from debabelizer.streaming.transports.pool import WorkerPool


_HERE = ("localhost", "127.0.0.1", "[::1]")
"""This machine itself is never reached through a proxy."""
_CONNECT_S = 10.0
_ANSWER_S = 900.0
"""For the first byte of an answer: ten hours of speech take a vendor minutes."""


class LinkClosed(Exception):  # noqa: N818 - what happened, not necessarily an error
    """The connection is over. ``code`` and ``reason`` are the close frame's (None: there was none), ``error``
    what the transport itself knows to have gone wrong, ``refusal`` the message by which the other side ended it, if it
    did so by one: whoever sends may hear of it before it is read, and it may say more than code and reason."""

    def __init__(
        self,
        code: int | None = None,
        reason: str = "",
        error: ProviderError | None = None,
        refusal: WireMessage | None = None,
    ) -> None:
        super().__init__(f"closed: {code} {reason}".strip())
        self.code = code
        self.reason = reason
        self.error = error
        self.refusal = refusal

    def meaning(self, protocol: StreamProtocol) -> ProviderError | None:
        """What went wrong; None: nothing did."""
        if self.error is not None:
            return self.error
        told = protocol.receive(self.refusal) if self.refusal is not None else ()
        refused = next((signal.error for signal in told if isinstance(signal, Failure)), None)
        return refused or protocol.closed(self.code, self.reason)


Receiver = Callable[[WireMessage], bool]
"""Whether it has taken the message."""


class Link(Protocol):
    """One physical connection: messages in order, both ways. Every method that waits raises :class:`LinkClosed` once
    the connection is over, ``close`` and ``abort`` excepted."""

    async def send(self, message: WireMessage) -> None:
        """Returns when there is room for the next one."""
        ...

    def try_send(self, message: WireMessage) -> bool:
        """Send now, if that takes no waiting. False: nothing was sent, and :meth:`send` has to do it."""
        return False

    async def receive(self) -> WireMessage: ...

    def deliver_to(self, receiver: Receiver | None) -> None:
        """Where the transport can, messages go to ``receiver`` the moment they arrive, unless earlier ones still wait
        for :meth:`receive`. One it does not take waits, too; what it raises comes out of :meth:`receive`."""
        return

    async def ping(self) -> None:
        """Returns when the other side has answered."""
        ...

    def try_ping(self, answered: Callable[[], None]) -> bool:
        """Ping now, if that takes no waiting; ``answered`` is called when the other side has. False: nothing was sent,
        and :meth:`ping` has to do it."""
        return False

    async def close(self) -> None:
        """The polite end. The caller sets the deadline and aborts after it."""
        ...

    async def abort(self) -> None:
        """The end at once, without a word."""
        ...


class Transports:
    """Opens links. One per event loop; it owns the pool of worker processes, the one HTTP client and the gates."""

    def __init__(self) -> None:
        self._pool: WorkerPool | None = None
        self._channels: GrpcChannels | None = None
        self._http: httpx.AsyncClient | None = None
        self._proxies: dict[str, str] = {}
        self._retired: list[httpx.AsyncClient] = []
        """Made for other proxies; whoever still uses one may finish."""
        self._gates: dict[str, Gate] = {}

    def gate(self, provider: str) -> Gate:
        """That of all requests with recordings to a provider."""
        return self._gates.setdefault(provider, Gate())

    @property
    def pool(self) -> WorkerPool:
        if self._pool is None:
            from debabelizer.streaming.transports.pool import WorkerPool

            self._pool = WorkerPool()
        return self._pool

    @property
    def channels(self) -> GrpcChannels:
        if self._channels is None:
            from debabelizer.streaming.transports.grpc_channels import GrpcChannels

            self._channels = GrpcChannels()
        return self._channels

    @property
    def http(self) -> httpx.AsyncClient:
        """HTTP/2, the system's certificates, and the proxies of environment and system, as for sockets, as they are
        now: ask for it anew for each request. Patience for whole recordings; whoever wants an answer soon says so with
        the request."""
        from urllib.request import getproxies

        proxies = getproxies()
        if self._http is not None and proxies != self._proxies:
            self._retired.append(self._http)
            self._http = None
        if self._http is None:
            import httpx

            from debabelizer.streaming.transports.trust import system_trust

            patience = httpx.Timeout(60.0, connect=_CONNECT_S, read=_ANSWER_S, pool=None)
            self._proxies = proxies
            here: dict[str, httpx.AsyncBaseTransport | None] = {f"all://{host}": None for host in _HERE}
            self._http = httpx.AsyncClient(verify=system_trust(), http2=True, timeout=patience, mounts=here)
        return self._http

    async def open(self, opening: DirectOpening, provider: str) -> Link:
        """Raises :class:`ProviderError` with cause and remedy. The caller sets the deadline."""
        if isinstance(opening, WorkerOpening):
            return await self.pool.open(opening, provider)
        if isinstance(opening, GrpcOpening):
            return await self.channels.open(opening, provider)
        from debabelizer.streaming.transports.websocket import open_websocket

        return await open_websocket(opening, provider)

    async def close(self) -> None:
        """End all worker processes and connections."""
        if self._pool is not None:
            await self._pool.close()
        if self._channels is not None:
            await self._channels.close()
        clients, self._retired, self._http = [self._http, *self._retired], [], None
        for client in clients:
            if client is not None:
                await client.aclose()


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
