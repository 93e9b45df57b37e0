"""The numbered vendor behind gRPC: the same messages, each one request or response of a bidirectional call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Any

import grpc

from debabelizer.contract import HALF_CLOSE, GrpcOpening, GrpcStatus, Opening, StreamSignal, WireMessage
from debabelizer.contract.grpc import GrpcCode, status_error
from debabelizer.contract.stream import Failure
from debabelizer.errors import ProviderError
from fakes.numbered_protocol import NumberedProtocol
from fakes.numbered_recogniser import Behaviour, NumberedRecogniser

METHOD = "/numbered.Speech/Recognise"


def packed(message: WireMessage) -> bytes:
    """gRPC knows bytes only; the first one tells text from audio."""
    return b"t" + message.encode() if isinstance(message, str) else b"a" + message


def unpacked(message: bytes) -> WireMessage:
    return message[1:].decode() if message[:1] == b"t" else message[1:]


class NumberedGrpcProtocol(NumberedProtocol):
    """``target``: ``grpc://host:port``."""

    def opening(self) -> Opening:
        inner: Any = super().opening()
        first = tuple(packed(message) for message in inner.first)
        return GrpcOpening(target=self._target.removeprefix("grpc://"), method=METHOD, first=first, secure=False)

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        return [packed(pcm)]

    def commit(self) -> Sequence[WireMessage]:
        return [packed(message) for message in super().commit()]

    def keep_alive(self) -> Sequence[WireMessage]:
        return [packed(message) for message in super().keep_alive()]

    def finish(self) -> Sequence[WireMessage]:
        return [*map(packed, super().finish()), HALF_CLOSE]

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        if isinstance(message, bytes):
            return super().receive(unpacked(message))
        error = self.closed(GrpcStatus.decode(message).code, message)
        return [] if error is None else [Failure(error)]

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        if code == GrpcCode.OK:
            return None
        return status_error(GrpcStatus(GrpcCode.UNAVAILABLE if code is None else code, reason), "numbered", "Numbered")


class NumberedGrpcServer:
    """``async with NumberedGrpcServer() as server``; then ``server.url``."""

    def __init__(self, behaviour: Behaviour | None = None) -> None:
        self.behaviour = behaviour or Behaviour()
        self.connections: list[NumberedRecogniser] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"grpc://127.0.0.1:{self.port}"

    async def __aenter__(self) -> NumberedGrpcServer:
        self._server = grpc.aio.server()
        handler = grpc.stream_stream_rpc_method_handler(self._recognise)
        service, _, name = METHOD.removeprefix("/").partition("/")
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {name: handler}),))
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.stop(None)

    async def _recognise(self, requests: AsyncIterator[bytes], _context: Any) -> AsyncIterator[bytes]:
        recogniser = NumberedRecogniser(self.behaviour)
        self.connections.append(recogniser)
        async for request in requests:
            for answer in recogniser.hears(unpacked(request)):
                yield packed(answer)
