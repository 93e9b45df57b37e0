"""What local servers of vendors have in common: one port for HTTP and WebSocket, an outbox with delays, and waiting for
something to be true. What a vendor says and refuses is in the subclasses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol


@dataclass
class Close:
    code: int
    reason: str = ""


class Served:
    """The server. Subclasses say how a WebSocket is served and how an HTTP request is answered."""

    def __init__(self, port: int = 0) -> None:
        self.host = "127.0.0.1"
        self.port = port
        self.requests: list[tuple[str, dict[str, str]]] = []
        """HTTP requests: path and headers."""

    def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> ServedSocket:
        raise NotImplementedError

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, object]:
        raise NotImplementedError

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

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
        request, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = request.split(" ", 2)
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.requests.append((target, headers))
        status, answer = self.answer(method, target.partition("?")[0], headers, body)
        payload = json.dumps(answer).encode()
        writer.write(
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(payload)}\r\nConnection: close\r\n\r\n".encode()
            + payload
        )
        await writer.drain()
        await self.changed()


class ServedSocket:
    """One WebSocket. ``frames``: what it was sent; ``code``: how it ended; ``problems``: what the client did wrong."""

    def __init__(self, server: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server = server
        self._reader = reader
        self._writer = writer
        self.path = ""
        self.headers: dict[str, str] = {}
        self.query: dict[str, str] = {}
        self.frames: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self.code: int | None = None
        self.over = False
        self.idle_s: float | None = None
        """Closes with 1000 after this long (of real time) without anything from the client."""
        self._protocol = ServerProtocol(max_size=2**25)
        self._outbox: asyncio.Queue[tuple[float, dict[str, Any] | Close | None]] = asyncio.Queue()
        self._parts: list[bytes] = []
        self._is_text = True

    # ------------------------------------------------------------------------------------ for the subclasses

    def refusal(self) -> int:
        """HTTP status with which the handshake is refused; 0: it is not."""
        return 0

    def begin(self) -> None:
        """The socket is open."""

    async def message(self, message: str | bytes) -> None:
        raise NotImplementedError

    def put(self, what: dict[str, Any] | Close | None, delay_s: float = 0.0) -> None:
        """Sends a frame, closes, or (None) just goes away; after all that was put before, and ``delay_s``."""
        self._outbox.put_nowait((delay_s, what))

    # ---------------------------------------------------------------------------------------------- plumbing

    async def run(self, head: bytes) -> None:
        sender = asyncio.create_task(self._send_queued())
        try:
            self._protocol.receive_data(head)
            if await self._handshake():
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
        self.query = dict(parse_qsl(address.query, keep_blank_values=True))
        self.headers = {key.lower(): value for key, value in request.headers.raw_items()}
        status = self.refusal()
        response = self._protocol.reject(HTTPStatus(status), "refused") if status else self._protocol.accept(request)
        self._protocol.send_response(response)
        await self._flush()
        return not status

    async def _converse(self) -> None:
        self.begin()
        while not self._protocol.close_sent and not self.over:
            try:
                data = await asyncio.wait_for(self._reader.read(2**16), self.idle_s)
            except TimeoutError:
                self.put(Close(1000))
                await self._outbox.join()
                return
            if not data:
                self._protocol.receive_eof()
                return
            self._protocol.receive_data(data)
            for event in self._protocol.events_received():
                if isinstance(event, Frame):
                    await self._frame(event)
            await self._flush()
            await self.server.changed()

    async def _frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            self.code = self._protocol.close_rcvd.code if self._protocol.close_rcvd else None
        elif frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            self._parts.append(bytes(frame.data))
            if frame.opcode is not Opcode.CONT:
                self._is_text = frame.opcode is Opcode.TEXT
            if frame.fin:
                whole, self._parts = b"".join(self._parts), []
                await self.message(whole.decode() if self._is_text else whole)

    async def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._writer.write(data)
        await self._writer.drain()

    async def _send_queued(self) -> None:
        while True:
            delay_s, what = await self._outbox.get()
            if delay_s:
                await asyncio.sleep(delay_s)
            if what is None:
                self.over, self.code = True, 1006
                self._writer.transport.abort()
            elif self._protocol.close_sent is None:
                await self._send(what)
            self._outbox.task_done()
            await self.server.changed()

    async def _send(self, what: dict[str, Any] | Close) -> None:
        if isinstance(what, Close):
            self.code = what.code
            self._protocol.send_close(what.code, what.reason)
        else:
            self.frames.append(what)
            self._protocol.send_text(json.dumps(what).encode())
        await self._flush()
