"""What the engine lends to a provider for the time of one request."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec

from debabelizer.contract.stream import WireMessage, WorkerOpening
from debabelizer.errors import ConnectionError, ProviderError
from debabelizer.streaming.transports import Link, LinkClosed, Transports

if TYPE_CHECKING:
    import httpx

_LET_GO_S = 2.0
"""What an engine may take to notice that nobody waits for it any more, before its process is ended."""


class Desk:
    """:class:`~debabelizer.contract.files.FileDesk` of one request."""

    def __init__(self, transports: Transports, provider: str) -> None:
        self._transports = transports
        self._provider = provider
        self._calls: list[Call] = []

    @property
    def http(self) -> httpx.AsyncClient:
        return self._transports.http

    async def worker(self, opening: WorkerOpening) -> Call:
        """A recording must not take the processor from somebody who speaks: its engine is another process than
        theirs."""
        link = await self._transports.open(msgspec.structs.replace(opening, background=True), self._provider)
        call = Call(link, self._provider)
        self._calls.append(call)
        for message in opening.first:
            await call.send(message)
        return call

    async def close(self) -> None:
        for call in self._calls:
            await call.close()


class Call:
    """:class:`~debabelizer.contract.files.WorkerCall`."""

    def __init__(self, link: Link, provider: str) -> None:
        self._link = link
        self._provider = provider

    async def send(self, message: WireMessage) -> None:
        try:
            await self._link.send(message)
        except LinkClosed as closed:
            raise self._over(closed) from closed

    async def receive(self) -> WireMessage:
        try:
            return await self._link.receive()
        except LinkClosed as closed:
            raise self._over(closed) from closed

    async def close(self) -> None:
        try:
            async with asyncio.timeout(_LET_GO_S):
                await self._link.close()
        except TimeoutError:
            await self._link.abort()

    def _over(self, closed: LinkClosed) -> ProviderError:
        return closed.error or ConnectionError("The recogniser ended before its answer.", self._provider, "ended")


@asynccontextmanager
async def desk(transports: Transports, provider: str) -> AsyncIterator[Desk]:
    """Closed however the request ends; httpx's exceptions become errors of ours."""
    lent = Desk(transports, provider)
    try:
        yield lent
    except Exception as error:
        if not type(error).__module__.startswith("httpx"):  # a local engine has no need of it
            raise
        from debabelizer.streaming.transports.failures import from_http

        raise from_http(error, provider, _address(error)) from error
    finally:
        with contextlib.suppress(asyncio.CancelledError):  # cancelled twice: the process is ended all the same
            await asyncio.shield(asyncio.ensure_future(lent.close()))


def load_http() -> None:
    """What a first request would load, which takes a tenth of a second: do it in a thread."""
    import h2.connection
    import httpx

    from debabelizer.streaming.transports.trust import system_trust

    del h2, httpx
    system_trust()


def _address(error: Exception) -> str:
    """What was asked, where the error knows."""
    try:
        request = getattr(error, "request", None)
    except RuntimeError:
        request = None
    return "the provider" if request is None else str(request.url)
