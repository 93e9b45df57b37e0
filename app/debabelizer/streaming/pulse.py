"""Pings on one connection: when the other side last gave a sign of life, and how much audio it has surely got."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial

from debabelizer.streaming.transports.link import Link, LinkClosed


class Pulse:
    """``window_s``: seconds of audio that may be under way unconfirmed. It bounds what a ping can queue behind on
    a slow line, and so how late death is noticed."""

    def __init__(self, link: Link, window_s: float, clock: Callable[[], float]) -> None:
        self._link = link
        self._window_s = window_s
        self._clock = clock
        self._asking = False
        """A ping is under way."""
        self._asked = 0
        """Pings so far."""
        self._task: asyncio.Task[None] | None = None
        """Of a ping on a link that takes its time."""
        self._confirmed = asyncio.Event()
        """The newest ping is answered."""
        self.sent_s = 0.0
        """Seconds of audio that have gone out; whoever sends some counts it here."""
        self.free_s = window_s / 2
        """So far it may go without asking for room."""
        self._confirmed_s = 0.0
        self._pinged_s = 0.0
        """What had been sent before the newest ping."""
        self.last_heard = clock()
        self.doubted = False
        """There is reason to think that the connection is dead, and it has given no sign of life since."""

    @property
    def under_way_s(self) -> float:
        """Seconds of audio sent and not confirmed."""
        return self.sent_s - self._confirmed_s

    @property
    def ahead_s(self) -> float:
        """Seconds of audio that the newest ping queues behind; none once it is answered."""
        return max(0.0, self._pinged_s - self._confirmed_s)

    def has_room(self, seconds: float) -> bool:
        """Whether ``seconds`` more of audio may go now."""
        if self.sent_s + seconds <= self.free_s:
            return True
        self.ping()
        return self.under_way_s <= 0 or self.under_way_s + seconds <= self._window_s

    async def room(self, seconds: float) -> None:
        """Returns when it may."""
        while not self.has_room(seconds):
            await self.answer()

    def heard(self) -> None:
        self.doubted = False
        self.last_heard = self._clock()

    def excuse(self) -> None:
        """The silence so far is not the other side's fault."""
        self.last_heard = self._clock()

    def doubt(self) -> None:
        self.doubted = True
        self._asking = False  # the ping may have been lost on a way that is no more

    def ping(self) -> None:
        """Send a ping, unless one is under way."""
        if self._asking:
            return
        self._asking = True
        self._asked += 1
        self._pinged_s = self.sent_s
        self._confirmed.clear()
        answered = partial(self._answered, self._asked, self.sent_s)
        if not self._link.try_ping(answered):
            self._cancel()
            self._task = asyncio.create_task(self._ping(answered))

    async def _ping(self, answered: Callable[[], None]) -> None:
        with contextlib.suppress(LinkClosed):  # the reader hears of it
            await self._link.ping()
            answered()

    def _answered(self, number: int, sent_s: float) -> None:
        if number != self._asked or not self._asking:
            return  # one that was given up
        self._asking = False
        self.heard()
        self._confirmed_s = sent_s
        self.free_s = sent_s + self._window_s / 2
        self._confirmed.set()

    async def answer(self) -> None:
        """Returns when the newest ping is answered."""
        await self._confirmed.wait()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def stop(self) -> None:
        self._cancel()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
