"""WebSocket connections, by the websockets library."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import secrets
import struct
from collections import deque
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed, InvalidURI, SecurityError, WebSocketException
from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import Event, State
from websockets.typing import Subprotocol

try:
    from websockets.speedups import apply_mask
except ImportError:
    from websockets.utils import apply_mask

from debabelizer.contract.stream import WebSocketOpening, WireMessage
from debabelizer.errors import ConfigurationError, ProviderError, StreamingError
from debabelizer.streaming.transports.failures import from_exception, refusal
from debabelizer.streaming.transports.link import Link, LinkClosed, Receiver
from debabelizer.streaming.transports.trust import system_trust

MAX_MESSAGE_BYTES = 4 << 20
"""Of one message from the other side; a transcript with word times of a long segment has some 100 KB."""
MAX_WAITING_MESSAGES = 32
"""Received and not yet taken; above it nothing more is read from the socket."""
WRITE_BUFFER_BYTES = 32 << 10
_AT_ONCE = 16
"""Messages of one read that are handed on in the same turn of the loop; a flood lets others run."""
_MOST_FRAGMENTS = 4096
_FINAL_TEXT, _FINAL_BINARY = 0x81, 0x82
_MASKED = 0x80
_SHORT, _MEDIUM, _LONG = struct.Struct("!BB"), struct.Struct("!BBH"), struct.Struct("!BBQ")
_MASKS_BYTES = 256
_DATA = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)

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


class _Connection(ClientConnection):
    """The library's connection with a short way in and out: a message is handed on in the turn of the loop in which it
    arrives, and written in the one in which it is said. The library's own queue, and its context around each
    message, cost more than all the rest of a piece of audio."""

    def __init__(self, protocol: ClientProtocol, **options: Any) -> None:
        super().__init__(protocol, **options)
        self.receiver: Receiver | None = None
        self.messages: deque[WireMessage] = deque()
        """Arrived and not taken."""
        self._parts: list[bytes] = []
        self._text = False
        self._refused = False
        self._masks = b""
        """Random bytes for the masks of the next frames."""
        self._in_a_row = 0
        self._fault: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None

    # ----------------------------------------------------------------------------------------------- outgoing

    def try_send(self, message: WireMessage) -> bool:
        if self.paused or self.protocol.state is not State.OPEN or self.transport.is_closing():
            return False
        if isinstance(message, str):
            self.transport.write(self._framed(_FINAL_TEXT, message.encode()))
        else:
            self.transport.write(self._framed(_FINAL_BINARY, message))
        return True

    def _framed(self, kind: int, payload: bytes) -> bytes:
        """One masked frame (RFC 6455, 5.2), as the library would make it; there are no extensions."""
        if not self._masks:
            self._masks = secrets.token_bytes(_MASKS_BYTES)
        mask, self._masks = self._masks[:4], self._masks[4:]
        length = len(payload)
        if length < 126:
            head = _SHORT.pack(kind, _MASKED | length)
        elif length < 1 << 16:
            head = _MEDIUM.pack(kind, _MASKED | 126, length)
        else:
            head = _LONG.pack(kind, _MASKED | 127, length)
        return b"".join((head, mask, apply_mask(payload, mask)))

    # ----------------------------------------------------------------------------------------------- incoming

    def data_received(self, data: bytes) -> None:
        self._in_a_row = 0
        super().data_received(data)

    def process_event(self, event: Event) -> None:
        if isinstance(event, Frame) and event.opcode in _DATA:
            if not self._refused:
                self._on_frame(event)
        else:
            super().process_event(event)

    def _on_frame(self, frame: Frame) -> None:
        if frame.opcode is not Opcode.CONT:
            self._text = frame.opcode is Opcode.TEXT
        data = frame.data
        if self._parts or not frame.fin:
            self._parts.append(bytes(data))
            if len(self._parts) > _MOST_FRAGMENTS:
                self._refuse(CloseCode.MESSAGE_TOO_BIG, "too many fragments")
            if not frame.fin or self._refused:
                return
            data, self._parts = b"".join(self._parts), []
        try:
            self._on_message(str(data, "utf-8") if self._text else bytes(data))
        except UnicodeDecodeError as problem:
            self._refuse(CloseCode.INVALID_DATA, f"{problem.reason} at position {problem.start}")

    def _refuse(self, code: CloseCode, why: str) -> None:
        """Hang up on what breaks the protocol."""
        self._refused = True
        if self.protocol.state is State.OPEN:
            self.protocol.fail(code, why)
            self.send_data()

    def _on_message(self, message: WireMessage) -> None:
        self._in_a_row += 1
        if self.receiver is not None and not self.messages and self._in_a_row <= _AT_ONCE:
            try:
                if self.receiver(message):
                    return
            except Exception as fault:  # noqa: BLE001 - raised where somebody waits for a message
                self._fault = fault
                self.receiver = None
        self.messages.append(message)
        if len(self.messages) > MAX_WAITING_MESSAGES:
            self.transport.pause_reading()
        self._wake()

    async def next_message(self) -> WireMessage:
        while not self.messages:
            if self.connection_lost_waiter.done():
                raise self.close_exc
            self._waiter = self.loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._fault is not None:
            raise self._fault
        message = self.messages.popleft()
        if len(self.messages) <= MAX_WAITING_MESSAGES // 4:
            self.transport.resume_reading()
        return message

    def forget_messages(self) -> None:
        """Nobody will take any; they must not stand in the way of the close frame."""
        self.receiver = _forget
        self.messages.clear()
        self.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _forget(_message: WireMessage) -> bool:
    return True


class WebSocketLink(Link):
    """See :class:`~debabelizer.streaming.transports.link.Link`."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    async def send(self, message: WireMessage) -> None:
        try:
            await self._connection.send(message)
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    def try_send(self, message: WireMessage) -> bool:
        return self._connection.try_send(message)

    async def receive(self) -> WireMessage:
        try:
            return await self._connection.next_message()
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    def deliver_to(self, receiver: Receiver | None) -> None:
        self._connection.receiver = receiver

    async def ping(self) -> None:
        try:
            await (await self._connection.ping())
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    async def close(self) -> None:
        self._connection.forget_messages()
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
            write_limit=WRITE_BUFFER_BYTES,
            proxy=None if _is_here(host) else True,
            ssl=system_trust() if parts.scheme == "wss" else None,
            logger=_silent,
            create_connection=_Connection,
        )
    except (OSError, EOFError, WebSocketException, InvalidURI) as error:
        raise _meaning(error, opening) or from_exception(error, provider, host) from error
    assert isinstance(connection, _Connection)
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
