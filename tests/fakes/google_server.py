"""A local Google Cloud Speech: streaming over gRPC and short recordings over REST, versions 1 and 2, at one address.

It refuses what the vendor refuses, and misbehaves as told::

    async with GoogleServer(recognise=scripted(["hello world"])) as server:
        ... settings = {"api_key": server.key, "project": server.project, "base_url": server.url}
        server.behaviours = [Behaviour(drop_after_s=2.0), Behaviour()]     # per call; the last one stays

Also a program (see :mod:`fakes.vendor_program`), whose script names gRPC's codes: ``{"refuse": "UNAVAILABLE"}``. That
a client written for the vendor's server works with this one is proven with the vendor's own library.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __package__ in (None, ""):  # started by its path
    sys.path.insert(0, str(Path(__file__).parents[1]))

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import grpc.aio

from fakes.google_account import key_of, signed_by_us
from fakes.google_behaviour import Behaviour, behaviour
from fakes.google_call import Call
from fakes.google_rest import answer_rest
from fakes.recognisers import Recognise, scripted
from fakes.vendor_program import serve
from fakes.vendor_socket import Answer, HttpRequest, VendorServer

__all__ = ["Behaviour", "Call", "GoogleServer"]

_HTTP_2 = b"PRI * HTTP/2.0"


@dataclass(kw_only=True)
class GoogleServer(VendorServer):
    """``behaviours``: of the first, second, ... call; the last holds for all later ones."""

    recognise: Recognise = field(default_factory=lambda: scripted(["this is a test"]))
    behaviours: Sequence[Behaviour] = (Behaviour(),)
    key: str = "AIza_test_key"
    project: str = "proj-1"
    quota_left: bool = True
    billing: bool = True
    login_valid: bool = True
    tokens: set[str] = field(default_factory=set)
    """Given out by the token endpoint."""
    objects: dict[str, bytes] = field(default_factory=dict)
    """In the bucket."""
    operations: dict[str, dict[str, Any]] = field(default_factory=dict)
    looks: int = 2
    """At a batch operation until it is done."""
    calls: list[Call] = field(default_factory=list)
    spoken: int = 0
    """Finals with words so far, over all calls: a script goes on where it was."""
    tunnels: int = 0
    """TCP connections of gRPC so far."""

    def __post_init__(self) -> None:
        self._grpc = grpc.aio.server()
        self._grpc_port = 0
        self._by_port: dict[int, asyncio.StreamWriter] = {}

    @property
    def problems(self) -> list[str]:
        """What clients did wrong, over all calls."""
        return [problem for call in self.calls for problem in call.problems]

    @property
    def service_account(self) -> str:
        """The JSON of a key this server knows."""
        return key_of(self.project)

    async def __aenter__(self) -> GoogleServer:
        await super().__aenter__()
        for version in ("v1", "v2"):
            handler = grpc.stream_stream_rpc_method_handler(self._handler(version))
            service = f"google.cloud.speech.{version}.Speech"
            methods = {"StreamingRecognize": handler}
            self._grpc.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, methods),))
        self._grpc_port = self._grpc.add_insecure_port("127.0.0.1:0")
        await self._grpc.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await super().__aexit__(*_)
        await self._grpc.stop(None)

    def _handler(self, version: str) -> Any:
        async def streaming(_requests: Any, context: Any) -> None:
            call = Call(self, version, self.behaviours[min(len(self.calls), len(self.behaviours) - 1)], context)
            self.calls.append(call)
            await call.run()

        return streaming

    def admits(self, headers: dict[str, str]) -> str:
        """Empty, or why not."""
        if "x-goog-api-key" in headers:
            return "" if headers["x-goog-api-key"] == self.key else "API key not valid. Please pass a valid API key."
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme == "Bearer" and (token in self.tokens or signed_by_us(token)):
            return ""
        return "Request is missing required authentication credential."

    def answer(self, request: HttpRequest) -> Answer:
        return answer_rest(self, request)

    def cut(self, peer: str) -> None:
        """The connection of ``peer`` (as gRPC names it) is reset."""
        writer = self._by_port.get(int(peer.rpartition(":")[2]))
        if writer is not None:
            writer.transport.abort()

    # -------------------------------------------------------------------------------------- one port for both

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(asyncio.IncompleteReadError, OSError):
                head = await reader.readuntil(b"\r\n\r\n")
                if head.startswith(_HTTP_2):
                    await self._tunnel(head, reader, writer)
                else:
                    await self._http(head, reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _tunnel(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tunnels += 1
        inner_reader, inner = await asyncio.open_connection("127.0.0.1", self._grpc_port)
        port = inner.get_extra_info("sockname")[1]
        self._by_port[port] = writer
        inner.write(head)
        idle_s = self.behaviours[min(self.tunnels, len(self.behaviours)) - 1].idle_s
        pumps = [
            asyncio.create_task(_pump(reader, inner)),
            asyncio.create_task(_pump(inner_reader, writer)),
            asyncio.create_task(self._idle(port, idle_s)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            del self._by_port[port]
            inner.transport.abort()
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _idle(self, port: int, idle_s: float) -> None:
        """Returns when there was no call on a connection for so long."""
        while True:
            seen = len(self.calls)
            await asyncio.sleep(idle_s)
            busy = any(not call.over and call.context.peer().endswith(f":{port}") for call in self.calls)
            if not busy and len(self.calls) == seen:
                return


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(2**16):
        sink.write(data)
        await sink.drain()


if __name__ == "__main__":
    serve(GoogleServer, behaviour)
