"""The numbered vendor as a WebSocket server on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from types import TracebackType

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from fakes.numbered_recogniser import Behaviour, NumberedRecogniser


class NumberedServer:
    """``async with NumberedServer() as server``; then ``server.url``. ``refuse``: an HTTP status and headers for
    the handshake. ``take_over``: called with each connection instead of serving it; returns False to serve after
    all."""

    def __init__(self, behaviour: Behaviour | None = None) -> None:
        self.behaviour = behaviour or Behaviour()
        self.refuse: tuple[int, dict[str, str]] | None = None
        self.take_over: Callable[[ServerConnection], Awaitable[bool | None]] | None = None
        self.idle_close_s: float | None = None
        self.connections: list[NumberedRecogniser] = []
        self.live: list[ServerConnection] = []
        self.attempts = 0
        self.most_at_once = 0
        self.port = 0
        self.changed = asyncio.Event()
        self._server: Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    async def __aenter__(self) -> NumberedServer:
        self._server = await serve(
            self._serve, "127.0.0.1", 0, process_request=self._request, compression=None, ping_interval=None
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for connection in list(self.live):
            connection.transport.abort()
        for task in self._serving:
            task.cancel()
        await self._server.wait_closed()

    async def _request(self, connection: ServerConnection, request: Request) -> Response | None:
        self.attempts += 1
        if self.refuse is None:
            return None
        status, headers = self.refuse
        response = connection.respond(HTTPStatus(status), "refused\n")
        for name, value in headers.items():
            response.headers[name] = value
        return response

    async def _serve(self, connection: ServerConnection) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        self.live.append(connection)
        self.most_at_once = max(self.most_at_once, len(self.live))
        self.changed.set()
        try:
            if self.take_over is not None and await self.take_over(connection) is not False:
                return
            await self._recognise(connection)
        except (ConnectionClosed, TimeoutError):
            pass
        finally:
            self.live.remove(connection)
            self.changed.set()

    async def _recognise(self, connection: ServerConnection) -> None:
        recogniser = NumberedRecogniser(self.behaviour)
        self.connections.append(recogniser)
        while True:
            async with asyncio.timeout(self.idle_close_s):
                message = await connection.recv()
            for answer in recogniser.hears(message):
                await connection.send(answer)
            self.changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Returns when ``condition`` holds; looks after every message and every connection."""
        while not condition():
            self.changed.clear()
            await self.changed.wait()
