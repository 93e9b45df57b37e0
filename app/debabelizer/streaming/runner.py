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

_CATCHING_UP_S = 1.0
"""Audio this much faster than it was spoken may be why a vendor could not keep up."""

_UNREACHED = frozenset({"dns", "refused", "timeout", "reset", "handshake", "os"})
"""Codes of connection errors that no vendor has sent: the way to it is broken."""


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
        self._attempt_at = core.clock()
        self._failing_since: float | None = None
        self._away = False
        """The vendor could not be reached at the last attempt."""
        self._ease = 1.0
        """Of the vendor's replay speed: less once it could not keep up."""
        self._hurried = asyncio.Event()
        self._deadline: asyncio.Timeout | None = None
        """Of the transport that is being opened."""
        self._epoch: Epoch | None = None

    def hurry(self) -> None:
        """Don't wait for what may be gone or may have come: try again at once."""
        self._hurried.set()
        self._stretch.stir()
        if self._deadline is not None:
            self._deadline.reschedule(asyncio.get_running_loop().time())

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
        self._attempt_at = core.clock()
        self._hurried.clear()
        provider = core.providers.name
        number, core.next_epoch = core.next_epoch, core.next_epoch + 1
        try:
            protocol = core.providers.open_epoch(EpochContext(epoch=number, previous_text=core.context))
            link = await self._open(protocol, provider)
        except ProviderError as error:
            return EpochOver(error)
        epoch = self._epoch = Epoch(core, stretch, number, provider, protocol, link, self._ease)
        stretch.opening_until = core.clock() + epoch.limits.ready_s
        over = EpochOver()
        try:
            over = await self._served(epoch)
            if isinstance(over.error, RateLimitError) and epoch.ahead(core.clock()) > _CATCHING_UP_S:
                self._ease /= 2
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
        title = core.providers.title(provider)
        patience = core.policy.connect_s
        if core.providers.others(provider):
            patience = min(patience, core.policy.failover_after_s)
        if core.connect_until is not None:
            patience = min(patience, core.connect_until - core.clock())
        try:
            async with asyncio.timeout(patience) as self._deadline:
                return await open_link(protocol, core.transports, core.http, provider)
        except TimeoutError:
            if self._stretch.error is not None and patience < core.policy.connect_s:
                raise self._stretch.error from None  # the last attempt had little time; an earlier one knows why
            raise ConnectionError(f"{title} did not answer within {patience:.1f} s", provider, "timeout") from None
        except LinkClosed as closed:
            at_once = ConnectionError(f"{title} closed the connection at once", provider)
            raise closed.meaning(protocol) or at_once from None
        finally:
            self._deadline = None

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
                    f"{epoch.title} was not ready within {epoch.limits.ready_s:.0f} s", epoch.provider, "not_ready"
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
        if self._hurried.is_set() and epoch is None:  # broken off on purpose
            self._delays = delays(core.policy)
            return
        before = core.providers.name
        delay = self._verdict(over.error, epoch)
        if core.connect_until is not None and core.clock() + delay >= core.connect_until:
            raise _Hopeless(over.error or core.no_connection(core.policy.connect_s))
        if core.draining and timed_out and not stretch.marks:
            raise _Hopeless(over.error or core.no_connection(0.0))
        error = over.error if core.providers.name == before else None
        core.on_lost(stretch, error, self._patience(delay, over.error))
        await self._pause(delay, over.error)

    def _patience(self, delay: float, why: ProviderError | None) -> float:
        """How long the next attempt is put off, as things are now. It takes nothing from a vendor that cannot be
        reached to be tried often; whoever speaks, or begins to, is not made to wait long after the way is there again.
        Nor is who waits for the end: that has a deadline."""
        core, stretch = self._core, self._stretch
        unreached = self._epoch is None and _unreached(why)
        spoken_to = unreached and stretch.start is not None and core.spool.end > stretch.covered
        if spoken_to or (core.draining and not isinstance(why, RateLimitError)):
            return min(delay, core.policy.unreached_cap_s)
        return delay

    async def _pause(self, delay: float, why: ProviderError | None) -> None:
        """Before the next attempt."""
        core, stretch = self._core, self._stretch
        began = core.clock()
        while not self._hurried.is_set():
            left = began + self._patience(delay, why) - core.clock()
            if left <= 0:
                return
            stretch.wake.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await stretch.wake.wait()
        self._delays = delays(core.policy)

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
            return self._fail_over(provider, error)
        self._count(error, epoch)
        away = epoch is None and _unreached(error)
        if self._away and not away:
            self._delays = delays(policy)  # the tries while nobody was there say nothing of how busy the vendor is
        self._away = away
        if self._drops >= policy.max_instant_drops and not core.providers.strike(provider):
            raise _Hopeless(error or self._instant_drops(provider))
        if core.providers.name != provider or (self._had_enough() and core.providers.advance(provider)):
            return self._fail_over(provider, error)
        asked = error.retry_after if isinstance(error, RateLimitError) else None
        delay = next(self._delays)
        return delay if not asked else max(delay, asked + policy.backoff_jitter * delay)  # they do not come in step

    def _had_enough(self) -> bool:
        """Of this provider, where there is another."""
        policy = self._core.policy
        since = self._failing_since
        too_long = since is not None and self._core.clock() - since >= policy.failover_after_s
        return self._failures >= policy.failover_after or too_long

    def _fail_over(self, before: str, error: ProviderError | None) -> float:
        core = self._core
        self._reset()
        self._ease = 1.0
        self._stretch.error = error or self._stretch.error
        core.on_failover(before, self._stretch.error)
        self._stretch.lost_at = core.clock()  # the patience of commits begins anew with the next provider
        if core.connect_until is not None:
            core.connect_until = core.clock() + core.policy.connect_s
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
        if self._failing_since is None:
            self._failing_since = self._core.clock() if ready_at is not None else self._attempt_at

    def _reset(self) -> None:
        self._drops = 0
        self._failures = 0
        self._failing_since = None
        self._delays = delays(self._core.policy)

    def _instant_drops(self, provider: str) -> ProviderError:
        times = self._drops
        title = self._core.providers.title(provider)
        return ConnectionError(f"{title} dropped the connection {times} times in a row at once", provider, "dropped")


def _unreached(error: ProviderError | None) -> bool:
    return isinstance(error, ConnectionError) and error.code in _UNREACHED
