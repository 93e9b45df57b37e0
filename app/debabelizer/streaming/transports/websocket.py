"""WebSocket connections: the way there (proxies, certificates, handshake, redirects) by the websockets library."""

from __future__ import annotations

import ipaddress
import logging
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidURI, SecurityError, WebSocketException
from websockets.protocol import State
from websockets.typing import Subprotocol

from debabelizer.contract.stream import WebSocketOpening
from debabelizer.errors import ConfigurationError, ProviderError
from debabelizer.streaming.transports.failures import from_exception, refusal
from debabelizer.streaming.transports.trust import system_trust
from debabelizer.streaming.transports.websocket_link import MAX_MESSAGE_BYTES, WebSocketLink

WRITE_BUFFER_BYTES = 32 << 10
_SWITCHING, _BLANK_LINE = b"HTTP/1.1 101", b"\r\n\r\n"

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


class _Opening(ClientConnection):
    """The library's connection as far as the handshake. What comes right behind its answer is left to the link."""

    def __init__(self, protocol: ClientProtocol, **options: Any) -> None:
        super().__init__(protocol, **options)
        self._head = b""
        self._behind = b""
        self._ended = False
        self._gone = False

    def data_received(self, data: bytes) -> None:
        if self._is_open:
            self._behind += data
            return
        known = len(self._head)
        self._head += data
        blank = self._head.find(_BLANK_LINE)
        if blank < 0 or not self._head.startswith(_SWITCHING):
            super().data_received(data)
            return
        answer = blank + len(_BLANK_LINE) - known
        self._behind = data[answer:]
        super().data_received(data[:answer])

    def eof_received(self) -> None:
        self._ended = True
        if not self._is_open:
            super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone = True
        if not self._is_open:
            super().connection_lost(exc)

    @property
    def _is_open(self) -> bool:
        return self.protocol.state is State.OPEN

    def link(self, *, text_only: bool) -> WebSocketLink:
        """All that comes after."""
        link = WebSocketLink(self.protocol, self.transport, text_only=text_only)
        link.feed(self._behind)
        if self._ended:
            link.eof_received()
        if self._gone:
            link.connection_lost(None)
        return link


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
            write_limit=WRITE_BUFFER_BYTES,
            proxy=None if _is_here(host) else True,
            ssl=system_trust() if parts.scheme == "wss" else None,
            logger=_silent,
            create_connection=_Opening,
        )
    except (OSError, EOFError, WebSocketException, InvalidURI) as error:
        raise _meaning(error, opening) or from_exception(error, provider, host) from error
    assert isinstance(connection, _Opening)
    return connection.link(text_only=opening.text_only)


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
