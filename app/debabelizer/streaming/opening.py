"""Opening one physical connection: the exchange before it, the transport, the first messages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from debabelizer.contract.stream import DirectOpening, Opening, Preflight, Preparation, StreamProtocol
from debabelizer.streaming.transports.link import Link, Transports

if TYPE_CHECKING:
    import httpx

HttpClients = Callable[[], "httpx.AsyncClient"]
"""Gives the shared client; whoever made it closes it."""


async def open_link(protocol: StreamProtocol, transports: Transports, http: HttpClients | None, provider: str) -> Link:
    """A connection on which ``opening().first`` has been sent. Raises :class:`ProviderError`, or LinkClosed where
    it was cut at once. The caller sets the deadline."""
    opening = await _real_opening(protocol.opening(), http, provider)
    link = await transports.open(opening, provider)
    try:
        for message in opening.first:
            await link.send(message)
    except BaseException:
        await link.abort()
        raise
    return link


async def _real_opening(opening: Opening, http: HttpClients | None, provider: str) -> DirectOpening:
    if isinstance(opening, Preparation):
        async with _client(http) as client:
            return await opening.prepare(client)
    if isinstance(opening, Preflight):
        async with _client(http) as client:
            status, body = await _exchange(opening, client, provider)
        return opening.then(status, body)
    return opening


@asynccontextmanager
async def _client(http: HttpClients | None) -> AsyncIterator[httpx.AsyncClient]:
    """The shared client, or one of our own for as long as it is needed."""
    if http is not None:
        yield http()
        return
    import httpx

    from debabelizer.streaming.transports.trust import system_trust

    async with httpx.AsyncClient(verify=system_trust()) as own:
        yield own


async def _exchange(preflight: Preflight, client: httpx.AsyncClient, provider: str) -> tuple[int, bytes]:
    import httpx

    from debabelizer.streaming.transports.failures import from_http

    request = preflight.request
    try:
        answer = await client.request(
            request.method, request.url, headers=dict(request.headers), content=request.body or None
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise from_http(error, provider, request.url) from error
    return answer.status_code, answer.content
