"""An open WebSocket as a link.

The library's own connection has a queue, and a context with locks around each message; both cost more than all the rest
of a piece of audio. Here a message is written in the turn of the loop in which it is said, and handed on in the one in
which it arrives. Whole text and binary frames, nearly all there are, are made and read here (RFC 6455, 5.2). Control
frames, fragments and whatever breaks the rules go to the library's sans-I/O core, which answers, closes and judges.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import deque
from collections.abc import Callable
from functools import partial

from websockets.client import ClientProtocol
from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import State

try:
    from websockets.speedups import apply_mask
except ImportError:
    from websockets.utils import apply_mask

from debabelizer.contract.stream import WireMessage
from debabelizer.errors import StreamingError
from debabelizer.streaming.transports.link import Link, LinkClosed, Receiver

MAX_MESSAGE_BYTES = 4 << 20
"""Of one message from the other side; a transcript with word times of a long segment has some 100 KB."""
MAX_WAITING_MESSAGES = 32
"""Received and not yet taken; above it nothing more is read from the socket."""
_READ_BYTES = 64 << 10
"""Read at once; more only where one message is longer."""
_AT_ONCE = 64
"""Messages of one read that are handed on in the same turn of the loop; a flood lets others run."""
_MOST_FRAGMENTS = 4096
_TEXT, _BINARY = 0x81, 0x82
"""First byte of a whole message in one frame."""
_WHOLE = frozenset({_TEXT, _BINARY})
_PONG = 0x8A
_MASKED = 0x80
_LONGEST_SHORT = 125
_LENGTH_BYTES = {126: 2, 127: 8}
"""That follow, where the second byte does not say the length itself."""
_TOO_LONG = MAX_MESSAGE_BYTES + 1
"""Stands for what is masked, too: a server must not do that, and the core says so."""
_MASK_BYTES = 4
_POOL_BYTES = 64 * _MASK_BYTES


class WebSocketLink(asyncio.BufferedProtocol, Link):
    """See :class:`~debabelizer.streaming.transports.link.Link`. Takes over an open ``core`` and its ``transport``.
    ``text_only``: bytes are said as text, too."""

    def __init__(self, core: ClientProtocol, transport: asyncio.Transport, *, text_only: bool = False) -> None:
        self._core = core
        self._kind_of_bytes = _TEXT if text_only else _BINARY
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._lost: asyncio.Future[None] = self._loop.create_future()
        self._sendable = True
        self._paused = False
        self._room = asyncio.Event()
        """There is room for writing, or nothing can be written any more."""
        self._room.set()
        self._masks: list[bytes] = []
        self._head, self._head_of = b"", (0, -1)
        """Of the last message, and that one's kind and length."""
        self._pings: dict[bytes, Callable[[], None]] = {}
        """Who waits for an answer, by what was in the ping."""
        self._buffer = bytearray(_READ_BYTES)
        self._view = memoryview(self._buffer)
        self._at, self._end = 0, 0
        """What is read and not yet understood."""
        self._parts: list[bytes] = []
        """Of a fragmented message."""
        self._parts_are_text = False
        self._refused = False
        self._closing = False
        """What comes is not wanted any more."""
        self._receiver: Receiver | None = None
        self._in_a_row = 0
        self._messages: deque[WireMessage] = deque()
        """Arrived and not taken."""
        self._fault: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        transport.set_protocol(self)

    # ----------------------------------------------------------------------------------------------- outgoing

    def try_send(self, message: WireMessage) -> bool:
        if not self._sendable:
            return False
        kind = self._kind_of_bytes
        if isinstance(message, str):
            kind, message = _TEXT, message.encode()
        length = len(message)
        if (kind, length) != self._head_of:  # most pieces of audio are as long as the one before
            self._head, self._head_of = _head(kind, length), (kind, length)
        if not self._masks:
            self._masks = _random_masks()
        mask = self._masks.pop()
        self._transport.write(self._head + mask + apply_mask(message, mask))
        return True

    async def send(self, message: WireMessage) -> None:
        while not self.try_send(message):
            await self._must_be_open()
            await self._room.wait()
        await self._room.wait()

    def try_ping(self, answered: Callable[[], None]) -> bool:
        if self._core.state is not State.OPEN:
            return False
        name = secrets.token_bytes(_MASK_BYTES)
        self._pings[name] = answered
        self._core.send_ping(name)
        self._flush()
        return True

    async def ping(self) -> None:
        answered = self._loop.create_future()
        if self.try_ping(partial(_settle, answered)):
            await asyncio.wait([answered, self._lost], return_when=asyncio.FIRST_COMPLETED)
            if answered.done():
                return
        await asyncio.shield(self._lost)
        raise self._ending()

    async def _must_be_open(self) -> None:
        """Raises LinkClosed, once it is known why, where nothing can be sent any more."""
        if self._core.state is not State.OPEN:
            await asyncio.shield(self._lost)
            raise self._ending()

    def _flush(self) -> None:
        """Write what the core wants written."""
        for data in self._core.data_to_send():
            if data:
                self._transport.write(data)
            elif self._transport.can_write_eof():
                with contextlib.suppress(OSError):  # the other side has reset the connection meanwhile
                    self._transport.write_eof()
            else:
                self._transport.close()
        self._mind_room()

    def _mind_room(self) -> None:
        is_open = self._core.state is State.OPEN
        self._sendable = is_open and not self._paused
        if self._sendable or not is_open:
            self._room.set()
        else:
            self._room.clear()

    def pause_writing(self) -> None:
        self._paused = True
        self._mind_room()

    def resume_writing(self) -> None:
        self._paused = False
        self._mind_room()

    # ----------------------------------------------------------------------------------------------- incoming

    def get_buffer(self, sizehint: int) -> memoryview:
        if self._end == len(self._buffer):
            self._make_room()
        return self._view[self._end :]

    def _make_room(self) -> None:
        """Behind what is not understood yet: at most one message, or its beginning."""
        unread = self._end - self._at
        before = self._view[self._at : self._end]
        if self._at == 0:
            self._buffer = bytearray(2 * len(self._buffer))
            self._view = memoryview(self._buffer)
        self._view[:unread] = before
        self._at, self._end = 0, unread

    def buffer_updated(self, nbytes: int) -> None:
        self._end += nbytes
        self._in_a_row = 0
        self._read_frames()
        if self._at == self._end:
            self._at = self._end = 0
            if len(self._buffer) > _READ_BYTES:
                self._buffer = bytearray(_READ_BYTES)
                self._view = memoryview(self._buffer)

    def feed(self, data: bytes) -> None:
        """What has been read before the link took over."""
        while data:
            some = min(len(data), len(room := self.get_buffer(-1)))
            room[:some] = data[:some]
            self.buffer_updated(some)
            data = data[some:]

    def _read_frames(self) -> None:
        data, view, at, end = self._buffer, self._view, self._at, self._end
        while end - at >= 2 and not self._refused:
            kind, length, start = data[at], data[at + 1], at + 2
            if length > _LONGEST_SHORT:
                start += _LENGTH_BYTES.get(length, 0)
                if start > end:
                    break
                length = int.from_bytes(data[at + 2 : start], "big") if length < _MASKED else _TOO_LONG
            if length > MAX_MESSAGE_BYTES:
                self._to_core(view[at:end])
                break
            stop = start + length
            if stop > end:
                break
            if kind in _WHOLE and not self._parts:
                self._on_payload(view[start:stop], text=kind == _TEXT)
            elif kind == _PONG and length <= _LONGEST_SHORT:
                self._on_pong(bytes(view[start:stop]))
            else:
                self._to_core(view[at:stop])
            at = stop
        self._at = end if self._refused else at

    def _on_pong(self, name: bytes) -> None:
        answered = self._pings.pop(name, None)
        if answered is not None:
            answered()

    def _to_core(self, frame: memoryview) -> None:
        self._core.receive_data(bytes(frame))
        self._flush()
        for event in self._core.events_received():
            assert isinstance(event, Frame)
            if event.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                self._on_part(event)
        if self._core.parser_exc is not None or self._core.close_rcvd is not None:
            self._refused = True

    def _on_part(self, frame: Frame) -> None:
        if frame.opcode is not Opcode.CONT:
            self._parts_are_text = frame.opcode is Opcode.TEXT
        self._parts.append(bytes(frame.data))
        if len(self._parts) > _MOST_FRAGMENTS:
            self._refuse(CloseCode.MESSAGE_TOO_BIG, "too many fragments")
        elif frame.fin:
            whole, self._parts = b"".join(self._parts), []
            self._on_payload(memoryview(whole), text=self._parts_are_text)

    def _on_payload(self, payload: memoryview, *, text: bool) -> None:
        if self._closing:
            return
        try:
            message = str(payload, "utf-8") if text else bytes(payload)
        except UnicodeDecodeError as problem:
            self._refuse(CloseCode.INVALID_DATA, f"{problem.reason} at position {problem.start}")
            return
        self._in_a_row += 1
        if self._receiver is not None and not self._messages and self._in_a_row <= _AT_ONCE:
            try:
                if self._receiver(message):
                    return
            except Exception as fault:  # noqa: BLE001 - raised where somebody waits for a message
                self._fault = fault
                self._receiver = None
        self._messages.append(message)
        if len(self._messages) > MAX_WAITING_MESSAGES:
            self._transport.pause_reading()
        self._wake()

    def _refuse(self, code: CloseCode, why: str) -> None:
        """Hang up on what breaks the protocol, and hear no more."""
        self._refused = True
        if self._core.state is State.OPEN:
            self._core.fail(code, why)
            self._flush()

    def deliver_to(self, receiver: Receiver | None) -> None:
        self._receiver = receiver

    async def receive(self) -> WireMessage:
        while not self._messages:
            if self._lost.done():
                raise self._ending()
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._fault is not None:
            raise self._fault
        message = self._messages.popleft()
        if len(self._messages) <= MAX_WAITING_MESSAGES // 4:
            self._transport.resume_reading()
        return message

    def _wake(self) -> None:
        if self._waiter is not None:
            _settle(self._waiter)

    # ------------------------------------------------------------------------------------------------ the end

    async def close(self) -> None:
        self._closing = True
        self._messages.clear()
        self._transport.resume_reading()  # the close frame may be behind messages that nobody takes any more
        if self._core.state is State.OPEN:
            self._core.send_close(CloseCode.NORMAL_CLOSURE)
            self._flush()
        await asyncio.shield(self._lost)

    async def abort(self) -> None:
        self._transport.abort()
        await asyncio.shield(self._lost)

    def eof_received(self) -> None:
        self._core.receive_eof()
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self._core.receive_eof()
        self._mind_room()
        self._lost.set_result(None)
        self._wake()
        self._pings.clear()

    def _ending(self) -> LinkClosed:
        received, sent = self._core.close_rcvd, self._core.close_sent
        if received is not None:
            return LinkClosed(received.code, received.reason)
        if sent is not None and sent.code not in {CloseCode.NORMAL_CLOSURE, CloseCode.GOING_AWAY}:
            # We hung up on something that is not acceptable: an over-long message, invalid UTF-8.
            broken = StreamingError(f"The other side broke the protocol: {sent.reason}", code=str(int(sent.code)))
            return LinkClosed(None, "", broken)
        return LinkClosed()


def _head(kind: int, length: int) -> bytes:
    """Of a masked frame, up to its mask."""
    if length <= _LONGEST_SHORT:
        return bytes((kind, _MASKED | length))
    if length < 1 << 16:
        return bytes((kind, _MASKED | 126)) + length.to_bytes(2, "big")
    return bytes((kind, _MASKED | 127)) + length.to_bytes(8, "big")


def _random_masks() -> list[bytes]:
    """From the system's source of randomness, which is asked for many at a time."""
    pool = secrets.token_bytes(_POOL_BYTES)
    return [pool[at : at + _MASK_BYTES] for at in range(0, _POOL_BYTES, _MASK_BYTES)]


def _settle(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
