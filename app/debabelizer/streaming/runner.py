"""The chain of connections that serves one stretch: open, run, and after a drop decide what next."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from debabelizer.contract.stream import EpochContext, StreamProtocol
from debabelizer.errors import Category, ConnectionError, ProviderError, RateLimitError
from debabelizer.events import Retract, Retracted
from debabelizer.streaming.backoff import delays
from debabelizer.streaming.epoch import Epoch, EpochOver, first_end
from debabelizer.streaming.opening import open_link
from debabelizer.streaming.sender import Sender
from debabelizer.streaming.stretch import Stretch
from debabelizer.streaming.transports.link import Link, LinkClosed
from debabelizer.streaming.watch import Watch

if TYPE_CHECKING:
    from debabelizer.streaming.core import Core

_IDLE_AFTER_S = 1.0
"""A close that is no error, when no audio went for so long, is an idle close."""


class _Hopeless(Exception):  # noqa: N818 - a verdict
    def __init__(self, error: ProviderError) -> None:
        super().__init__(str(error))
        self.error = error


class Runner:
    def __init__(self, core: Core, stretch: Stretch) -> None:
        self._core = core
        self._stretch = stretch
        self._delays = delays(core.policy)
        self._drops = 0
        self._failures = 0
        self._again = False
        self._epoch: Epoch | None = None

    async def run(self) -> None:
        """Until the stretch is drained, or the session fails."""
        try:
            while True:
                await self._work()
                self._core.on_opening(self._stretch, again=self._again)
                over = await self._one_epoch()
                if over.drained and self._stretch.stop is not None:
                    break
                await self._after(over)
        except _Hopeless as verdict:
            self._core.fail(verdict.error)
            return
        for segment in self._stretch.ghosts:
            self._core.events.put(Retracted(change=Retract(segment=segment)))
        self._stretch.ghosts.clear()
        self._core.on_done(self._stretch)

    async def _work(self) -> None:
        """Wait until there is something to say, where that is a condition."""
        stretch = self._stretch
        while stretch.lazy and not stretch.has_work(self._core.spool.end):
            stretch.wake.clear()
            await stretch.wake.wait()
        if stretch.lazy:
            stretch.lazy = False
            stretch.lost_at = self._core.clock()

    # ----------------------------------------------------------------------------------------- one connection

    async def _one_epoch(self) -> EpochOver:
        core, stretch = self._core, self._stretch
        self._epoch = None
        provider = core.providers.name
        number, core.next_epoch = core.next_epoch, core.next_epoch + 1
        try:
            protocol = core.providers.open_epoch(EpochContext(epoch=number, previous_text=core.context))
            link = await self._open(protocol, provider)
        except ProviderError as error:
            return EpochOver(error)
        epoch = self._epoch = Epoch(core, stretch, number, provider, protocol, link)
        stretch.opening_until = core.clock() + epoch.limits.ready_s
        over = EpochOver()
        try:
            over = await self._served(epoch)
        finally:
            stretch.epoch = None
            stretch.opening_until = 0.0
            stretch.lost_at = core.clock()
            epoch.leave_ghosts()
            await epoch.end(politely=over.drained or (over.error is None and epoch.ready.is_set()))
        return over

    async def _open(self, protocol: StreamProtocol, provider: str) -> Link:
        """Raises ProviderError."""
        core = self._core
        patience = core.policy.connect_s
        if core.connect_until is not None:
            patience = min(patience, core.connect_until - core.clock())
        try:
            async with asyncio.timeout(patience):
                return await open_link(protocol, core.transports, core.http, provider)
        except TimeoutError:
            if self._stretch.error is not None and patience < core.policy.connect_s:
                raise self._stretch.error from None  # the last attempt had little time; an earlier one knows why
            raise ConnectionError(f"{provider} did not answer within {patience:.1f} s", provider, "timeout") from None
        except LinkClosed as closed:
            meant = closed.error or protocol.closed(closed.code, closed.reason)
            raise meant or ConnectionError(f"{provider} closed the connection at once", provider) from None

    async def _served(self, epoch: Epoch) -> EpochOver:
        parts: list[Coroutine[Any, Any, None]] = [
            epoch.hear(),
            Sender(epoch).run(),
            Watch(epoch).run(),
            self._readiness(epoch),
        ]
        return await first_end(*parts)

    async def _readiness(self, epoch: Epoch) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(epoch.limits.ready_s):
                await epoch.ready.wait()
        if not epoch.ready.is_set():
            raise EpochOver(
                ConnectionError(
                    f"{epoch.provider} was not ready within {epoch.limits.ready_s:.0f} s", epoch.provider, "not_ready"
                )
            )
        await asyncio.Event().wait()

    # ------------------------------------------------------------------------------------------- and after it

    async def _after(self, over: EpochOver) -> None:
        """Go idle, or wait before the next attempt. Raises _Hopeless."""
        core, stretch, epoch = self._core, self._stretch, self._epoch
        idle = over.error is None and epoch is not None and self._was_idle(epoch)
        timed_out = any(mark.timed_out for mark in stretch.marks)
        stretch.rewind()
        core.settle()
        self._again = True
        if idle:
            self._again = False
            stretch.lazy = True
            stretch.idle_end = core.spool.end
            core.on_idle(stretch)
            return
        delay = self._verdict(over.error, epoch)
        if core.connect_until is not None and core.clock() + delay >= core.connect_until:
            raise _Hopeless(over.error or core.no_connection(core.policy.connect_s))
        if core.draining and timed_out and not stretch.marks:
            raise _Hopeless(over.error or core.no_connection(0.0))
        core.on_lost(stretch, over.error, delay)
        await asyncio.sleep(delay)

    def _was_idle(self, epoch: Epoch) -> bool:
        core, stretch = self._core, self._stretch
        quiet_for = core.clock() - max(epoch.last_audio, epoch.ready_at or epoch.opened_at)
        return (
            epoch.ready.is_set()
            and not stretch.marks
            and stretch.stop is None
            and stretch.start is not None
            and epoch.cursor >= core.spool.end
            and (stretch.covered >= core.spool.end or quiet_for >= _IDLE_AFTER_S)
        )

    def _verdict(self, error: ProviderError | None, epoch: Epoch | None) -> float:
        """Seconds until the next attempt. Raises _Hopeless."""
        core, policy = self._core, self._core.policy
        provider = epoch.provider if epoch else core.providers.name
        if error is not None and not error.retryable:
            if not core.providers.strike(provider):
                raise _Hopeless(error)
            return self._fail_over(provider)
        self._count(error, epoch)
        if self._drops >= policy.max_instant_drops and not core.providers.strike(provider):
            raise _Hopeless(error or self._instant_drops(provider))
        if core.providers.name != provider or (
            self._failures >= policy.failover_after and core.providers.advance(provider)
        ):
            return self._fail_over(provider)
        asked = error.retry_after if isinstance(error, RateLimitError) else None
        return max(next(self._delays), asked or 0.0)

    def _fail_over(self, before: str) -> float:
        self._reset()
        self._core.on_failover(before)
        return 0.0

    def _count(self, error: ProviderError | None, epoch: Epoch | None) -> None:
        ours = error is not None and error.category in {Category.PROTOCOL, Category.INTERNAL}
        ready_at = epoch.ready_at if epoch else None
        lived = ready_at is not None and self._core.clock() - ready_at >= self._core.policy.instant_s
        if (epoch is not None and epoch.progress) or (lived and not ours):
            self._reset()
        elif ready_at is not None or ours:
            self._drops += 1
        self._failures += 1

    def _reset(self) -> None:
        self._drops = 0
        self._failures = 0
        self._delays = delays(self._core.policy)

    def _instant_drops(self, provider: str) -> ProviderError:
        times = self._drops
        return ConnectionError(f"{provider} dropped the connection {times} times in a row at once", provider, "dropped")
