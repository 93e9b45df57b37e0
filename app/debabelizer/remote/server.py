"""The running copy's ear: takes verbs from other processes of the same user."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import socket
import struct
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from debabelizer.errors import Category, ConfigurationError, InternalError, ProviderError
from debabelizer.remote.instance import Address, Instance
from debabelizer.remote.wire import MOST_BYTES, Answer, Failure, Request, line

log = logging.getLogger(__name__)

Handler = Callable[..., dict[str, Any] | Awaitable[dict[str, Any] | None] | None]
"""Called with the request's arguments as keywords; what it returns goes back (JSON values only)."""

_PATIENCE_S = 10.0


class RemoteServer:
    """``handlers``: verb -> handler, run on the loop that called :meth:`start`."""

    def __init__(self, handlers: Mapping[str, Handler], instance: Instance | None = None) -> None:
        """``instance``: the claim, if it was made earlier (before the loop ran); otherwise :meth:`start` makes it."""
        self._handlers = dict(handlers)
        self._instance = instance
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()
        self._token = ""

    async def start(self) -> None:
        """Listen. ConfigurationError if another copy runs already."""
        instance = self._instance or Instance.claim()
        if instance is None:
            raise ConfigurationError("Debabelizer is already running.", remedy=None)
        self._instance = instance
        where = instance.places
        if where.by_socket and sys.platform != "win32":
            before = os.umask(0o177)  # the socket is never open to others, not even for a moment
            try:
                server = await asyncio.start_unix_server(
                    self._accept, where.socket, limit=MOST_BYTES, start_serving=False
                )
            finally:
                os.umask(before)
        else:
            self._token = os.urandom(32).hex()
            server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=MOST_BYTES, start_serving=False)
            port = server.sockets[0].getsockname()[1]
            _write_private(instance, Address(port=port, token=self._token))
        self._server = server
        try:
            await server.start_serving()
        except BaseException:  # a program that is ended while it starts leaves no socket open
            server.close()
            raise

    async def close(self) -> None:
        """Stop listening, end what is under way, give the claim up."""
        if self._server is not None:
            self._server.close()
            for talk in self._talks:
                talk.cancel()
            await asyncio.gather(*self._talks, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None
        if self._instance is not None:
            self._instance.release()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                received = await reader.readline()
                writer.write(line(await self._answer(received, writer)))
                await writer.drain()
        except (TimeoutError, OSError, ValueError, asyncio.CancelledError) as problem:
            log.debug("a remote call ended early: %s", problem)
        finally:
            self._talks.discard(task)
            writer.close()

    async def _answer(self, received: bytes, writer: asyncio.StreamWriter) -> Answer:
        import hmac  # with all of OpenSSL's hashes, which a window that nobody talks to need not hold

        try:
            request = msgspec.json.decode(received, type=Request)
        except (msgspec.DecodeError, msgspec.ValidationError) as problem:
            return Answer(error=Failure(f"That is no request: {problem}", Category.PROTOCOL))
        if not _same_user(writer) or not hmac.compare_digest(request.token.encode(), self._token.encode()):
            return Answer(error=Failure("Only the user who runs Debabelizer can control it.", Category.AUTH))
        handler = self._handlers.get(request.verb)
        if handler is None:
            known = ", ".join(self._handlers)
            return Answer(error=Failure(f"There is no {request.verb!r}; there are: {known}.", Category.CONFIG))
        try:
            result = handler(**request.arguments)
            return Answer(result=(await result if inspect.isawaitable(result) else result) or {})
        except ProviderError as problem:
            return Answer(error=Failure(problem.message, problem.category))
        except Exception as problem:  # a fault of ours must reach the caller as words, and the log with its trace
            log.exception("remote %s failed", request.verb)
            fault = InternalError(f"{request.verb} failed: {problem!r}")
            return Answer(error=Failure(fault.message, fault.category))


def _same_user(writer: asyncio.StreamWriter) -> bool:
    """Linux tells who is at the other end of a Unix socket; elsewhere the file's mode or the token decides."""
    connection = writer.get_extra_info("socket")
    if sys.platform != "linux" or connection.family != socket.AF_UNIX:
        return True
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return struct.unpack("3i", credentials)[1] in {os.getuid(), 0}


def _write_private(instance: Instance, address: Address) -> None:
    target = instance.places.address
    fresh = target.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(address))
    fresh.replace(target)
