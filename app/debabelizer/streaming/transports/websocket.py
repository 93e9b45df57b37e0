"""WebSocket connections, by the websockets library."""

from __future__ import annotations

import ipaddress
import logging
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidURI, SecurityError, WebSocketException
from websockets.typing import Subprotocol

from debabelizer.contract.stream import WebSocketOpening, WireMessage
from debabelizer.errors import ConfigurationError, ProviderError, StreamingError
from debabelizer.streaming.transports.failures import from_exception, refusal
from debabelizer.streaming.transports.link import LinkClosed
from debabelizer.streaming.transports.trust import system_trust

MAX_MESSAGE_BYTES = 4 << 20
"""Of one message from the other side; a transcript with word times of a long segment has some 100 KB."""
MAX_WAITING_MESSAGES = 32
"""Received and not yet read; above it the library stops reading from the socket."""
WRITE_BUFFER_BYTES = 32 << 10

# At DEBUG the library writes handshake headers, and with them keys.
_silent = logging.getLogger("debabelizer.websocket")
_silent.setLevel(logging.WARNING)


class _Connect(connect):
    def process_redirect(self, exc: Exception) -> Exception | str:
        """Follow only within one host: the library strips the usual credentials from a redirect elsewhere, but
        not a vendor's own key header."""
        target = super().process_redirect(exc)
        if isinstance(target, str) and urlsplit(target).netloc != urlsplit(self.uri).netloc:
            return SecurityError(f"redirected to another host: {urlsplit(target).hostname}")
        return target


class WebSocketLink:
    """See :class:`~debabelizer.streaming.transports.link.Link`."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, message: WireMessage) -> None:
        try:
            await self._connection.send(message)
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    async def receive(self) -> WireMessage:
        try:
            return await self._connection.recv()
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    async def ping(self) -> None:
        try:
            await (await self._connection.ping())
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    async def close(self) -> None:
        await self._connection.close()

    async def abort(self) -> None:
        self._connection.transport.abort()
        await self._connection.wait_closed()


def _closed(closed: ConnectionClosed) -> LinkClosed:
    frame = closed.rcvd
    if frame is not None:
        return LinkClosed(frame.code, frame.reason)
    if closed.sent is not None and closed.sent.code not in {1000, 1001}:
        # We hung up on something the library could not accept: an over-long message, invalid UTF-8.
        return LinkClosed(
            None,
            "",
            StreamingError(f"The other side broke the protocol: {closed.sent.reason}", code=str(closed.sent.code)),
        )
    return LinkClosed()


async def open_websocket(opening: WebSocketOpening, provider: str) -> WebSocketLink:
    """Raises :class:`ProviderError`. The caller sets the deadline."""
    try:
        parts = urlsplit(opening.url)
        host = parts.hostname or ""
    except ValueError as error:
        raise ConfigurationError(f"Not an address: {error}", provider, "address") from None
    if parts.scheme not in {"ws", "wss"} or not host:
        raise ConfigurationError("The address must begin with wss:// and name a host", provider, "address")
    try:
        connection = await _Connect(
            opening.url,
            additional_headers=dict(opening.headers),
            subprotocols=[Subprotocol(name) for name in opening.subprotocols] or None,
            compression=None,
            open_timeout=None,
            ping_interval=None,
            close_timeout=None,
            max_size=MAX_MESSAGE_BYTES,
            max_queue=MAX_WAITING_MESSAGES,
            write_limit=WRITE_BUFFER_BYTES,
            proxy=None if _is_here(host) else True,
            ssl=system_trust() if parts.scheme == "wss" else None,
            logger=_silent,
        )
    except (OSError, EOFError, WebSocketException, InvalidURI) as error:
        raise _meaning(error, opening) or from_exception(error, provider, host) from error
    return WebSocketLink(connection)


def _meaning(error: Exception, opening: WebSocketOpening) -> ProviderError | None:
    """What the vendor means by a handshake it refused, where its protocol knows."""
    answer = refusal(error)
    return opening.refused(answer) if answer is not None and opening.refused is not None else None


def _is_here(host: str) -> bool:
    """This machine itself is never reached through a proxy."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
