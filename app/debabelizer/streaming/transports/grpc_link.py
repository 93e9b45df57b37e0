"""gRPC calls as a link: one, or one after the other on the same channel."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from debabelizer.contract.grpc import BEGIN_CALL, GrpcCode, GrpcOpening, GrpcStatus
from debabelizer.contract.stream import WireMessage
from debabelizer.streaming.transports.grpc_failures import is_answer, unreachable
from debabelizer.streaming.transports.link import Link, LinkClosed

if TYPE_CHECKING:
    import grpc.aio  # type: ignore[import-untyped]

HEALTH_CHECK = "/grpc.health.v1.Health/Check"
"""gRPC has no ping that a client could await. Any answer to this standard question, "no such method" included, is a
sign of life from the other side of the same connection; no credentials go with it."""
_DETAILS = "grpc-status-details-bin"


class GrpcLink(Link):
    """See :class:`~debabelizer.streaming.transports.link.Link`. ``give_back`` is called once, at the end, with whether
    the channel has proven good."""

    def __init__(
        self,
        channel: grpc.aio.Channel,
        opening: GrpcOpening,
        provider: str,
        host: str,
        give_back: Callable[[bool], None],
    ) -> None:
        self._channel = channel
        self._method = channel.stream_stream(opening.method)
        self._metadata = tuple(opening.metadata.items())
        self._serial = opening.serial
        self._ping: Callable[[bytes], Awaitable[bytes]] = channel.unary_unary(HEALTH_CHECK)
        self._provider = provider
        self._host = host
        self._give_back: Callable[[bool], None] | None = give_back
        self._call: grpc.aio.StreamStreamCall[bytes, bytes] | None = None
        self._begun = asyncio.Event()
        """There is a call."""
        self._over: LinkClosed | None = None
        self._ended_with: int | None = None
        """Code of the last call that ended."""

    async def send(self, message: WireMessage) -> None:
        """What is meant for a call that has just ended well is as lost as what was on its way to it."""
        if self._over is not None:
            raise self._over
        if message == BEGIN_CALL or (self._call is None and not self._serial):
            self._begin()
        call = self._call
        if call is None or message == BEGIN_CALL:
            return
        try:
            await (call.done_writing() if isinstance(message, str) else call.write(message))
        except _endings() as trouble:
            closed = await self._end_of(call, trouble)
            if not self._serial or closed.code != GrpcCode.OK:
                raise closed from None  # the reader hears of it, too

    def _begin(self) -> None:
        self._call = self._method(metadata=self._metadata)
        _keep_the_servers_status(self._call)
        self._begun.set()

    async def receive(self) -> WireMessage:
        import grpc

        if self._over is not None:
            raise self._over
        if self._call is None:
            await self._next_call()
        call = self._call
        assert call is not None
        try:
            message = await call.read()
        except _endings() as trouble:
            self._over = await self._end_of(call, trouble)
            if self._over.error is not None:
                raise self._over from None
            return (await _status(call)).encode()
        if message is not grpc.aio.EOF:
            assert isinstance(message, bytes)
            return message
        closed = await self._end_of(call)
        if not self._serial:
            self._over = closed
        elif self._call is call:
            self._call = None
            self._begun.clear()
        return (await _status(call)).encode()

    async def _next_call(self) -> None:
        """Until there is a call. Raises LinkClosed where the idle connection goes meanwhile, which is no error."""
        import grpc

        begun = asyncio.create_task(self._begun.wait())
        lost = asyncio.create_task(self._channel.wait_for_state_change(grpc.ChannelConnectivity.READY))
        try:
            await asyncio.wait([begun, lost], return_when=asyncio.FIRST_COMPLETED)
        finally:
            begun.cancel()
            lost.cancel()
            await asyncio.gather(begun, lost, return_exceptions=True)
        if self._call is None:
            self._over = self._over or LinkClosed(GrpcCode.OK, "the idle connection was closed")
            raise self._over

    async def ping(self) -> None:
        import grpc

        try:
            await self._ping(b"")
        except grpc.aio.AioRpcError as answer:
            status = status_of(answer)
            if not is_answer(status):  # the call hears of it, too
                raise LinkClosed(status.code, status.message) from None
        except asyncio.CancelledError:
            if _is_ours():
                raise
            raise LinkClosed from None  # the channel was closed

    async def close(self) -> None:
        self._end(sound=True)

    async def abort(self) -> None:
        self._end(sound=False)

    def _end(self, *, sound: bool) -> None:
        """An end by the server's own status shows that the channel works; one that we break off shows nothing."""
        if self._call is not None and not self._call.done():
            self._call.cancel()
        elif self._call is not None:
            sound = self._ended_with not in {None, GrpcCode.UNAVAILABLE}
        elif self._over is not None:
            sound = False
        self._over = self._over or LinkClosed()
        if self._give_back is not None:
            give_back, self._give_back = self._give_back, None
            give_back(sound)

    async def _end_of(
        self, call: grpc.aio.StreamStreamCall[bytes, bytes], trouble: BaseException | None = None
    ) -> LinkClosed:
        """Raises ``trouble`` again where it is the running task that is cancelled, and not the call."""
        if isinstance(trouble, asyncio.CancelledError) and _is_ours():
            raise trouble
        status = await _status(call)
        self._ended_with = status.code
        refusal = status.encode() if status.code != GrpcCode.OK else None
        return LinkClosed(status.code, status.message, unreachable(status, self._provider, self._host), refusal)


def _endings() -> tuple[type[BaseException], ...]:
    """What the library raises where a call has ended."""
    import grpc

    return (grpc.aio.AioRpcError, asyncio.InvalidStateError, asyncio.CancelledError)


def status_of(error: grpc.aio.AioRpcError) -> GrpcStatus:
    return GrpcStatus(int(error.code().value[0]), error.details() or "")


async def _status(call: grpc.aio.StreamStreamCall[bytes, bytes]) -> GrpcStatus:
    code = await call.code()
    details = next((value for key, value in await call.trailing_metadata() or () if key == _DETAILS), b"")
    return GrpcStatus(int(code.value[0]), await call.details() or "", bytes(details))


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
