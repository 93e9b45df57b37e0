"""A gRPC server that says back what it hears, and links to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc

from debabelizer.contract import GrpcOpening
from debabelizer.streaming import default_transports
from debabelizer.streaming.transports.link import Link

METHOD = "/echo.Echo/Say"


class Echo:
    """Says back what it hears. ``refuse …`` ends the call with that code; ``end`` ends it well."""

    def __init__(self) -> None:
        self.calls: list[dict[str, str]] = []
        self.peers: set[str] = set()
        self.port = 0

    async def _say(self, requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
        self.calls.append(dict(context.invocation_metadata()))
        self.peers.add(context.peer())
        async for request in requests:
            if request.startswith(b"refuse "):
                await context.abort(
                    grpc.StatusCode[request[7:].decode()], "as you wish", (("grpc-status-details-bin", b"x"),)
                )
            if request == b"end":
                return
            yield request

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[Echo]:
        server = grpc.aio.server()
        methods = {"Say": grpc.stream_stream_rpc_method_handler(self._say)}
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("echo.Echo", methods),))
        self.port = server.add_insecure_port(f"127.0.0.1:{port}")
        await server.start()
        try:
            yield self
        finally:
            await server.stop(None)


async def opened(port: int, **more: Any) -> Link:
    given: dict[str, Any] = {"target": f"127.0.0.1:{port}", "method": METHOD, "secure": False} | more
    return await default_transports().open(GrpcOpening(**given), "echo")


async def said(link: Link, message: bytes | str) -> bytes | str:
    await link.send(message)
    async with asyncio.timeout(20):
        return await link.receive()
