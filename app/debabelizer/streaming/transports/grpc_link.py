"""One gRPC call as a link."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from debabelizer.contract.grpc import GrpcCode, GrpcStatus
from debabelizer.contract.stream import WireMessage
from debabelizer.streaming.transports.grpc_failures import unreachable
from debabelizer.streaming.transports.link import Link, LinkClosed

if TYPE_CHECKING:
    import grpc.aio  # type: ignore[import-untyped]

HEALTH_CHECK = "/grpc.health.v1.Health/Check"
"""gRPC has no ping that a client could await. Any answer to this standard question, "no such method" included, is a
sign of life from the other side of the same connection; no credentials go with it."""
_DETAILS = "grpc-status-details-bin"

_Answer = TypeVar("_Answer")


class GrpcLink(Link):
    """See :class:`~debabelizer.streaming.transports.link.Link`. ``give_back`` is called once, at the end, with whether
    the channel has proven good."""

    def __init__(
        self,
        call: grpc.aio.StreamStreamCall[bytes, bytes],
        channel: grpc.aio.Channel,
        provider: str,
        host: str,
        give_back: Callable[[bool], None],
    ) -> None:
        self._call = call
        _keep_the_servers_status(call)
        self._ping: Callable[[bytes], Awaitable[bytes]] = channel.unary_unary(HEALTH_CHECK)
        self._provider = provider
        self._host = host
        self._give_back: Callable[[bool], None] | None = give_back
        self._over: LinkClosed | None = None

    async def send(self, message: WireMessage) -> None:
        if self._over is not None:
            raise self._over
        if isinstance(message, str):
            await self._done(self._call.done_writing())
        else:
            await self._done(self._call.write(message))

    async def receive(self) -> WireMessage:
        if self._over is not None:
            raise self._over
        import grpc

        try:
            message = await self._done(self._call.read())
        except LinkClosed as closed:
            if closed.error is None and closed.code is not None:
                return (await self._status()).encode()
            raise
        if message is grpc.aio.EOF:
            status = await self._status()
            self._over = LinkClosed(status.code, status.message)
            return status.encode()
        assert isinstance(message, bytes)
        return message

    async def ping(self) -> None:
        import grpc

        try:
            await self._ping(b"")
        except grpc.aio.AioRpcError as answer:
            if answer.code() is grpc.StatusCode.UNAVAILABLE:  # the call hears of it, too
                raise LinkClosed(GrpcCode.UNAVAILABLE, answer.details() or "") from None
        except asyncio.CancelledError:
            if _is_ours():
                raise
            raise LinkClosed from None  # the channel was closed

    async def close(self) -> None:
        self._end(sound=True)

    async def abort(self) -> None:
        self._end(sound=False)

    def _end(self, *, sound: bool) -> None:
        status = self._over.code if self._over else None
        if self._call.done():
            sound = status not in {None, GrpcCode.UNAVAILABLE}
        else:
            self._call.cancel()
        self._over = self._over or LinkClosed()
        if self._give_back is not None:
            give_back, self._give_back = self._give_back, None
            give_back(sound)

    async def _done(self, operation: Awaitable[_Answer]) -> _Answer:
        """Raises LinkClosed where the call has ended."""
        import grpc

        try:
            return await operation
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            pass
        except asyncio.CancelledError:
            if _is_ours():
                raise
        if self._over is None:
            status = await self._status()
            error = unreachable(status, self._provider, self._host)
            self._over = LinkClosed(status.code, status.message, error)
        raise self._over from None

    async def _status(self) -> GrpcStatus:
        code = await self._call.code()
        details = next((value for key, value in await self._call.trailing_metadata() or () if key == _DETAILS), b"")
        return GrpcStatus(int(code.value[0]), await self._call.details() or "", bytes(details))


class _Patient:
    """The library's inner call, without the habit of ending a call whose request cannot be sent with a status of its
    own ("Internal error from Core"). The server has ended the call then, and its status, on the way, says why."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def set_internal_error(self, _words: str) -> None:
        pass


def _keep_the_servers_status(call: grpc.aio.StreamStreamCall[bytes, bytes]) -> None:
    """Where a later version of the library is made otherwise, a refusal may look like a broken connection."""
    if hasattr(call, "_cython_call"):
        call._cython_call = _Patient(call._cython_call)


def _is_ours() -> bool:
    """Whether it is the running task that is being cancelled, and not the call."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
