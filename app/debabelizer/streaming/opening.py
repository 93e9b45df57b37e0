"""Opening one physical connection: the exchange before it, the transport, the first messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from debabelizer.contract.stream import Opening, Preflight, StreamProtocol, WebSocketOpening, WorkerOpening
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


async def _real_opening(opening: Opening, http: HttpClients | None, provider: str) -> WebSocketOpening | WorkerOpening:
    if not isinstance(opening, Preflight):
        return opening
    status, body = await _exchange(opening, http, provider)
    return opening.then(status, body)


async def _exchange(preflight: Preflight, http: HttpClients | None, provider: str) -> tuple[int, bytes]:
    import httpx

    from debabelizer.streaming.transports.failures import from_http
    from debabelizer.streaming.transports.trust import system_trust

    request = preflight.request
    own = None if http else httpx.AsyncClient(verify=system_trust())
    client = http() if http else own
    assert client is not None
    try:
        answer = await client.request(
            request.method, request.url, headers=dict(request.headers), content=request.body or None
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise from_http(error, provider, request.url) from error
    finally:
        if own is not None:
            await own.aclose()
    return answer.status_code, answer.content
