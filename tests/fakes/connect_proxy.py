"""An HTTP proxy as companies have it: CONNECT for what is encrypted, whole addresses for what is not."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from types import TracebackType
from urllib.parse import urlsplit

_HOPS = 64 << 10


class ConnectProxy:
    """``asked``: the request lines. ``places`` leads names to ports of this machine; ``password`` (``user:word``) is
    wanted where it is set; ``refuse`` answers every request with that status."""

    def __init__(self, places: dict[str, int], *, password: str = "", refuse: int = 0) -> None:
        self._places, self._password, self._refuse = places, password, refuse
        self.asked: list[str] = []
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        who = f"{self._password}@" if self._password else ""
        return f"http://{who}127.0.0.1:{self.port}"

    async def __aenter__(self) -> ConnectProxy:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._answer(reader, writer, await reader.readuntil(b"\r\n\r\n"))
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> None:
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        self.asked.append(f"{method} {target}")
        wanted = base64.b64encode(self._password.encode())
        if self._password and b"basic " + wanted not in head.replace(b"Basic", b"basic"):
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        if self._refuse:
            writer.write(f"HTTP/1.1 {self._refuse} Refused\r\nContent-Length: 0\r\n\r\n".encode())
            return
        parts = urlsplit(target if "//" in target else f"//{target}")
        far, upstream = await asyncio.open_connection("127.0.0.1", self._places[parts.hostname or ""])
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = parts.path or "/"
            upstream.write(head.replace(target.encode(), path.encode(), 1))
        await asyncio.gather(self._pump(reader, upstream), self._pump(far, writer))

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(_HOPS):
                sink.write(data)
                await sink.drain()
        finally:
            sink.close()
