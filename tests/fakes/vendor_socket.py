"""The part of a local vendor's server that is the same for all: WebSocket connections and HTTP requests at one door.

A vendor's own server subclasses :class:`VendorServer` and :class:`VendorConnection`. Handshakes can be refused with a
status and headers, closes can be scripted, sockets can vanish. The HTTP side is in :mod:`fakes.vendor_http`::

    def answer(self, request: HttpRequest) -> Answer:
        if request.path == "/v1/files" and request.method == "POST":
            return Answer(200, {"size": len(request.form()[0].content)})
        return Answer(404, {"error": "no such place"}, {"x-request-id": "r1"})

    server.scripted.append(Answer(503, "overloaded", {"Retry-After": "1"}))     # for the next request, whatever it is
    ...
    assert server.requests[0].json() == {...}
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from fakes.vendor_http import GONE, Answer, HttpRequest, Part, event_stream, read_request, write_answer

__all__ = [
    "GONE",
    "Answer",
    "Close",
    "HttpRequest",
    "Part",
    "Refusal",
    "VendorConnection",
    "VendorServer",
    "event_stream",
]

Outgoing = dict[str, Any] | str | bytes


@dataclass(frozen=True)
class Close:
    """``code`` 1005: a close frame without a status."""

    code: int
    reason: str = ""


@dataclass(frozen=True)
class Refusal:
    """Of a handshake. ``words`` are the body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    words: str = "refused"


@dataclass
class VendorConnection:
    """``frames``: what the client was sent; ``code``: how it ended. Overrides: ``refuses``, ``begin``, ``message``,
    ``idle``."""

    server: VendorServer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    path: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    query: list[tuple[str, str]] = field(default_factory=list)
    frames: list[Any] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    code: int | None = None
    over: bool = False
    idle_s: float | None = None
    """Real time without a message from the client after which ``idle`` is called."""

    def __post_init__(self) -> None:
        self._protocol = ServerProtocol(max_size=2**24)
        self._outbox: asyncio.Queue[tuple[float, Outgoing | Close | None]] = asyncio.Queue()
        self._parts: list[bytes] = []
        self._text = False
        self._heard_at = 0.0

    # -------------------------------------------------------------------------------------------- to override

    def refuses(self) -> Refusal | None:
        return None

    def begin(self) -> None:
        """The handshake is done."""

    def message(self, message: str | bytes) -> None:
        raise NotImplementedError

    def idle(self) -> None:
        """Nothing came for ``idle_s``."""

    # ------------------------------------------------------------------------------------------------ to use

    def put(self, what: Outgoing | Close | None, delay_s: float = 0.0) -> None:
        """Send a frame (a dict goes as JSON text), close, or (None) drop the socket; in order, each ``delay_s`` after
        the one before."""
        self._outbox.put_nowait((delay_s, what))

    # ------------------------------------------------------------------------------------------------- socket

    async def run(self, head: bytes) -> None:
        sender = asyncio.create_task(self._send_queued())
        try:
            self._protocol.receive_data(head)
            if await self._handshake():
                self.begin()
                await self._converse()
        finally:
            self.over = True
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
            await self.server.changed()

    async def _handshake(self) -> bool:
        request = next(event for event in self._protocol.events_received() if isinstance(event, Request))
        address = urlsplit(request.path)
        self.path = address.path
        self.query = parse_qsl(address.query, keep_blank_values=True)
        self.headers = {key.lower(): value for key, value in request.headers.raw_items()}
        refusal = self.refuses()
        if refusal is None:
            response = self._protocol.accept(request)
        else:
            response = self._protocol.reject(refusal.status, refusal.words)
            for name, value in refusal.headers.items():
                response.headers.pop(name, None)
                response.headers[name] = value
        self._protocol.send_response(response)
        await self._flush()
        return refusal is None

    async def _converse(self) -> None:
        loop = asyncio.get_running_loop()
        self._heard_at = loop.time()
        while not self._protocol.close_sent and not self.over:
            left = None if self.idle_s is None else self._heard_at + self.idle_s - loop.time()
            try:
                data = await asyncio.wait_for(self.reader.read(2**16), None if left is None else max(left, 0.001))
            except TimeoutError:
                self._heard_at = loop.time()
                self.idle()
                await self._outbox.join()
                continue
            if not data:
                self._protocol.receive_eof()
                return
            self._protocol.receive_data(data)
            for event in self._protocol.events_received():
                if isinstance(event, Frame):
                    self._frame(event)
            await self._flush()
            await self.server.changed()

    def _frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE and self.code is not None:
            return  # the answer to ours
        if frame.opcode is Opcode.CLOSE:
            self.code = self._protocol.close_rcvd.code if self._protocol.close_rcvd else None
        elif frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            self._parts.append(bytes(frame.data))
            if frame.opcode is not Opcode.CONT:
                self._text = frame.opcode is Opcode.TEXT
            if frame.fin:
                whole, self._parts = b"".join(self._parts), []
                self._heard_at = asyncio.get_running_loop().time()  # pings do not count
                self.message(whole.decode() if self._text else whole)

    async def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self.writer.write(data)
        await self.writer.drain()

    async def _send_queued(self) -> None:
        while True:
            delay_s, what = await self._outbox.get()
            if delay_s:
                await asyncio.sleep(delay_s)
            if what is None:
                self.over, self.code = True, 1006
                self.writer.transport.abort()
            elif self._protocol.close_sent is None:
                await self._send(what)
            self._outbox.task_done()
            await self.server.changed()

    async def _send(self, what: Outgoing | Close) -> None:
        if isinstance(what, Close):
            self.code = what.code
            if what.code == 1005:
                self._protocol.send_close()
            else:
                self._protocol.send_close(what.code, what.reason)
        elif isinstance(what, bytes):
            self.frames.append(what)
            self._protocol.send_binary(what)
        else:
            self.frames.append(what)
            self._protocol.send_text((what if isinstance(what, str) else json.dumps(what)).encode())
        await self._flush()


@dataclass(kw_only=True)
class VendorServer:
    """Overrides: ``connection`` makes the next connection, ``answer`` answers an HTTP request."""

    host: str = "127.0.0.1"
    port: int = 0
    base_path: str = ""
    """What ``url``, the base URL for clients, ends with."""
    requests: list[HttpRequest] = field(default_factory=list)
    """HTTP requests, those refused too."""
    scripted: list[Answer] = field(default_factory=list)
    """Given to the next HTTP requests in place of ``answer``, one each."""

    def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> VendorConnection:
        raise NotImplementedError

    def answer(self, request: HttpRequest) -> Answer:
        raise NotImplementedError

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return self.origin + self.base_path

    async def __aenter__(self) -> Any:
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._accept, self.host, self.port, limit=2**20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def until(self, right: Callable[[Any], object], timeout_s: float = 10.0) -> None:
        """Waits for something to be true of this server; checked after everything it receives or sends."""
        async with asyncio.timeout(timeout_s), self._changed:
            await self._changed.wait_for(lambda: bool(right(self)))

    async def changed(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(asyncio.IncompleteReadError, OSError):  # the client went away: not ours to judge
                head = await reader.readuntil(b"\r\n\r\n")
                if b"\r\nupgrade: websocket" in head.lower():
                    await self.connection(reader, writer).run(head)
                else:
                    await self._http(head, reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _http(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read_request(head, reader, writer)
        self.requests.append(request)
        await write_answer(self.scripted.pop(0) if self.scripted else self.answer(request), writer)
        await self.changed()
