"""Warm gRPC channels: one for each target and account, shared by the calls that follow one another, and let go of when
nobody has used them for a while or when one has shown that it no longer works."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import sys
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from debabelizer.contract.grpc import GrpcOpening
from debabelizer.errors import ConfigurationError
from debabelizer.streaming.transports.grpc_failures import is_answer, unreachable
from debabelizer.streaming.transports.grpc_link import HEALTH_CHECK, GrpcLink, status_of
from debabelizer.streaming.transports.grpc_trust import system_roots

if TYPE_CHECKING:
    import grpc.aio  # type: ignore[import-untyped]

_IDLE_S = 120.0
"""After so long without a call a channel is closed."""
_TRUSTED_S = 10.0
"""A channel that was idle for longer has to show that it still works: networks change, machines sleep."""
_PROBE_S = 1.0
_KEEP_ALIVE_MS = 30_000
"""Pings of HTTP/2 itself, on a channel in use; more often is taken for abuse by common servers."""
_PING_TIMEOUT_MS = 5_000
"""Linux also gives up on data that is not acknowledged for so long."""

_Kind = tuple[str, bool, tuple[tuple[str, str], ...], str | None]
"""Target, with TLS or without, account, proxy."""


class Channel:
    """``users``: calls that are open on it; ``sound``: new calls may use it."""

    def __init__(self, raw: grpc.aio.Channel) -> None:
        self.raw = raw
        self.users = 0
        self.sound = True
        self.idle_since = 0.0
        self.timer: asyncio.TimerHandle | None = None

    async def answers(self) -> bool:
        """Whether the other side says anything at all."""
        import grpc

        try:
            await self.raw.unary_unary(HEALTH_CHECK)(b"", timeout=_PROBE_S)
        except grpc.aio.AioRpcError as answer:
            return is_answer(status_of(answer))
        return True


class GrpcChannels:
    def __init__(self) -> None:
        self._channels: dict[_Kind, Channel] = {}
        self._ending: dict[asyncio.Task[None], Channel] = {}

    async def open(self, opening: GrpcOpening, provider: str) -> GrpcLink:
        """A link on a warm channel of the same kind, or on a new one. Raises ProviderError. The caller sets the
        deadline."""
        if not opening.secure and not is_here(host_of(opening.target)):
            message = f"Without TLS only a server on this machine is called, and {opening.target} is not."
            raise ConfigurationError(message, provider, "address")
        if "grpc" not in sys.modules:
            await asyncio.to_thread(_load, provider)
        host = host_of(opening.target)
        proxy = proxy_for(host, provider, secure=opening.secure)
        kind = (opening.target, opening.secure, tuple(sorted(opening.metadata.items())), proxy)
        channel = await self._warm(kind) or await self._new(kind, opening, provider)
        channel.users += 1
        return GrpcLink(channel.raw, opening, provider, host, lambda sound: self._back(kind, channel, sound))

    async def _warm(self, kind: _Kind) -> Channel | None:
        channel = self._channels.get(kind)
        if channel is None:
            return None
        if channel.timer is not None:
            channel.timer.cancel()
            channel.timer = None
        idle_for = asyncio.get_running_loop().time() - channel.idle_since
        if channel.users or idle_for < _TRUSTED_S:
            return channel
        channel.users += 1  # nobody closes it meanwhile
        try:
            channel.sound = channel.sound and await channel.answers()
        finally:
            self._back(kind, channel, channel.sound)
        return channel if channel.sound and self._channels.get(kind) is channel else None

    async def _new(self, kind: _Kind, opening: GrpcOpening, provider: str) -> Channel:
        import grpc

        options = options_for(opening, provider)
        if opening.secure:
            trusted = grpc.ssl_channel_credentials(root_certificates=await asyncio.to_thread(system_roots))
            raw = grpc.aio.secure_channel(opening.target, trusted, options=options)
        else:
            raw = grpc.aio.insecure_channel(opening.target, options=options)
        try:
            await raw.unary_unary(HEALTH_CHECK)(b"")
        except grpc.aio.AioRpcError as answer:
            error = unreachable(status_of(answer), provider, host_of(opening.target))
            if error is not None:
                await raw.close()
                raise error from None
        except BaseException:
            self._end(Channel(raw))
            raise
        channel = self._channels[kind] = Channel(raw)
        return channel

    def _back(self, kind: _Kind, channel: Channel, sound: bool) -> None:
        """A call is over. An unsound channel serves the calls it has to their end and gets no new ones."""
        channel.users -= 1
        channel.sound = channel.sound and sound
        if not channel.sound and self._channels.get(kind) is channel:
            del self._channels[kind]
        if channel.users:
            return
        loop = asyncio.get_running_loop()
        if self._channels.get(kind) is not channel:
            self._end(channel)
            return
        channel.idle_since = loop.time()
        channel.timer = loop.call_later(_IDLE_S, self._let_go, kind, channel)

    def _let_go(self, kind: _Kind, channel: Channel) -> None:
        if not channel.users and self._channels.get(kind) is channel:
            del self._channels[kind]
            self._end(channel)

    def _end(self, channel: Channel) -> None:
        task = asyncio.create_task(channel.raw.close(), name="end of a gRPC channel")
        self._ending[task] = channel
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            del self._ending[task]

    async def close(self) -> None:
        """End all of them, and the calls on them."""
        everything = {*self._channels.values(), *self._ending.values()}
        self._channels.clear()
        for channel in everything:
            if channel.timer is not None:
                channel.timer.cancel()
            await channel.raw.close()


def options_for(opening: GrpcOpening, provider: str) -> list[tuple[str, Any]]:
    """Back-off and retries are the supervisor's, so each channel connects for itself and tries once. Raises
    ConfigurationError."""
    options: list[tuple[str, Any]] = [
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.enable_retries", 0),
        ("grpc.primary_user_agent", "debabelizer"),
        ("grpc.keepalive_time_ms", _KEEP_ALIVE_MS),
        ("grpc.keepalive_timeout_ms", _PING_TIMEOUT_MS),
    ]
    proxy = proxy_for(host_of(opening.target), provider, secure=opening.secure)
    return [*options, ("grpc.http_proxy", proxy) if proxy else ("grpc.enable_http_proxy", 0)]


def proxy_for(host: str, provider: str, *, secure: bool = True) -> str | None:
    """The proxy of environment or system, as for sockets; this machine itself is never reached through one. Raises
    ConfigurationError for a kind that gRPC cannot use."""
    if is_here(host) or urllib.request.proxy_bypass(host):
        return None
    proxies = urllib.request.getproxies()
    proxy = proxies.get("https" if secure else "http") or proxies.get("all")
    if not proxy:
        return None
    if urlsplit(proxy).scheme != "http":
        message = f"gRPC connections go through HTTP proxies only, and the system names {urlsplit(proxy).scheme}."
        raise ConfigurationError(message, provider, "proxy")
    return proxy


def host_of(target: str) -> str:
    return target.rpartition(":")[0].strip("[]") or target


def is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _load(provider: str) -> None:
    """In a thread: it takes a tenth of a second."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # it writes to the terminal by itself; errors come as statuses
    try:
        import grpc.aio  # noqa: F401
    except ImportError as problem:
        message = f"The gRPC library does not load ({problem}): install it with “pip install grpcio”."
        raise ConfigurationError(message, provider, "grpc_missing") from problem
